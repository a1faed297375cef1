// A wheel over the diagram scrolls the page, as everywhere else; with Ctrl held it zooms the diagram.
export function wheelOnlyWithControl(viewer, canvas) {
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      viewer.get("zoomScroll").zoom(event.deltaY < 0 ? 0.5 : -0.5, at);
    },
    { passive: false },
  );
}
