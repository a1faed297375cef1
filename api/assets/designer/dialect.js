// Menus and the panel offer only what the engine runs: its gate refuses the rest, so nobody should draw it in the first place.

const REFUSED = /compensation|cancel|complex|transaction|ad-?hoc|instantiat|data-(object|store)|link-|manual-task/i;

const REFUSED_GROUPS = new Set(["Zeebe__TaskListeners", "Zeebe__ExecutionListeners"]);
// Below the zeebe provider's 500, so that its groups are already there.
const AFTER_ZEEBE = 300;

function runnable(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !REFUSED.test(id)));
}

class OnlyDialect {
  static $inject = ["popupMenu", "palette", "propertiesPanel"];

  constructor(popupMenu, palette, propertiesPanel) {
    propertiesPanel.registerProvider(AFTER_ZEEBE, this);
    popupMenu.registerProvider("bpmn-replace", 100, this);
    palette.registerProvider(100, this);
  }

  getPopupMenuEntries() {
    return runnable;
  }

  getPaletteEntries() {
    return runnable;
  }

  getGroups() {
    return (groups) => groups.filter(({ id }) => !REFUSED_GROUPS.has(id));
  }
}

export const onlyDialect = { __init__: ["bihuanOnlyDialect"], bihuanOnlyDialect: ["type", OnlyDialect] };
