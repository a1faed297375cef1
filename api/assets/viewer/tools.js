// Three buttons above the diagram: closer, further, all of it. They sit at the top right; the bottom right corner
// belongs to the bpmn.io mark.

export const ROOM = 24;

export function fit(viewer) {
  const canvas = viewer.get("canvas");
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(outer.width / (inner.width + 2 * ROOM), outer.height / (inner.height + 2 * ROOM), 1);
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({
    x: inner.x - (width - inner.width) / 2,
    y: inner.y - (height - inner.height) / 2,
    width,
    height,
  });
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
function begin(viewer, host) {
  fit(viewer);
  const canvas = viewer.get("canvas");
  if (canvas.zoom() >= 0.55) return;
  const active = viewer.get("elementRegistry").find((element) => canvas.hasMarker(element, "is-active"));
  const { inner } = canvas.viewbox();
  canvas.zoom(0.7);
  const box = canvas.viewbox();
  const x = active ? active.x + active.width / 2 - box.width / 2 : inner.x - ROOM;
  const y = active ? active.y + active.height / 2 - box.height / 2 : inner.y - ROOM;
  canvas.viewbox({ x, y, width: box.width, height: box.height });
}

export function tools(viewer, host) {
  const bar = document.createElement("div");
  bar.className = "diagram-tools btn-group";
  const step = (by) => viewer.get("zoomScroll").stepZoom(by);
  bar.append(
    button("放大", "+", () => step(1)),
    button("缩小", "−", () => step(-1)),
    button("看全图", "全图", () => fit(viewer)),
  );
  begin(viewer, host);
  return bar;
}
