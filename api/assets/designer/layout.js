// The designer's places: buttons on top, canvas and panel side by side, problems below. The corner at the canvas's
// bottom right stays free for the bpmn.io mark.

export function element(tag, className, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), { className, ...properties });
  made.append(...children);
  return made;
}

export function layout(host) {
  const places = {
    toolbar: element("div", "designer-toolbar", { role: "toolbar", ariaLabel: "设计器" }),
    notice: element("div", "designer-notice", { hidden: true, role: "status" }),
    canvas: element("div", "designer-canvas"),
    panel: element("aside", "designer-panel", { ariaLabel: "属性" }),
    problems: element("section", "designer-problems", { ariaLabel: "问题" }),
  };
  const middle = element("div", "designer-middle", {}, places.canvas, places.panel);
  host.classList.add("designer");
  host.replaceChildren(places.toolbar, places.notice, middle, places.problems);
  return places;
}
