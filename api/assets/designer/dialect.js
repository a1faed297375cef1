// Menus offer only what the engine runs: its gate refuses the rest, so nobody should draw it in the first place.

const REFUSED = /compensation|cancel|complex|transaction|ad-?hoc|instantiat|data-(object|store)|link-|manual-task/i;

function runnable(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !REFUSED.test(id)));
}

class OnlyDialect {
  static $inject = ["popupMenu", "palette"];

  constructor(popupMenu, palette) {
    popupMenu.registerProvider("bpmn-replace", 100, this);
    palette.registerProvider(100, this);
  }

  getPopupMenuEntries() {
    return runnable;
  }

  getPaletteEntries() {
    return runnable;
  }
}

export const onlyDialect = { __init__: ["bihuanOnlyDialect"], bihuanOnlyDialect: ["type", OnlyDialect] };
