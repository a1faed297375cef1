// Three buttons above the diagram: closer, further, all of it. They sit at the top right; the bottom right corner
// belongs to the bpmn.io mark.

const ROOM = 24;
const READABLE = 0.55;

// The whole diagram, centred; `left` pixels stay free at the left (for a palette).
export function fit(viewer, { left = 0 } = {}) {
  const canvas = viewer.get("canvas");
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  const free = { width: outer.width - left - 2 * ROOM, height: outer.height - 2 * ROOM };
  const scale = Math.min(free.width / inner.width, free.height / inner.height, 1);
  canvas.viewbox({
    x: inner.x - (left + ROOM + (free.width - inner.width * scale) / 2) / scale,
    y: inner.y - (ROOM + (free.height - inner.height * scale) / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

// As high as the diagram is at the width there is, but never more than most of the window.
function suitHeight(viewer) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min((outer.width - 2 * ROOM) / inner.width, 1);
  const wanted = inner.height * scale + 2 * ROOM;
  canvas.getContainer().closest(".diagram-canvas").style.height =
    `var(--diagram-height, ${Math.round(Math.min(Math.max(wanted, 256), innerHeight * 0.75))}px)`;
}

function button(label, sign, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "btn btn-sm";
  element.title = label;
  element.setAttribute("aria-label", label);
  element.textContent = sign;
  element.addEventListener("click", action);
  return element;
}

// On a narrow screen a whole diagram would be unreadably small: begin at the work in hand, readable, and let
// people push it about.
function begin(viewer) {
  suitHeight(viewer);
  fit(viewer);
  const canvas = viewer.get("canvas");
  if (canvas.zoom() >= READABLE) return;
  const active = viewer.get("elementRegistry").find((element) => canvas.hasMarker(element, "is-active"));
  const { inner } = canvas.viewbox();
  canvas.zoom(0.7);
  const box = canvas.viewbox();
  const x = active ? active.x + active.width / 2 - box.width / 2 : inner.x - ROOM;
  const y = active ? active.y + active.height / 2 - box.height / 2 : inner.y - ROOM;
  canvas.viewbox({ x, y, width: box.width, height: box.height });
}

export function tools(viewer) {
  const bar = document.createElement("div");
  bar.className = "diagram-tools btn-group";
  const step = (by) => viewer.get("zoomScroll").stepZoom(by);
  bar.append(
    button("放大", "+", () => step(1)),
    button("缩小", "−", () => step(-1)),
    button("看全图", "全图", () => fit(viewer)),
  );
  begin(viewer);
  return bar;
}
