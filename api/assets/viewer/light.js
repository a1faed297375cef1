// Lights the path: what was visited, which flows were taken, where the work is now; badges on elements.

function each(viewer, ids = [], marker) {
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  for (const id of ids) if (registry.get(id)) canvas.addMarker(id, marker);
}

function badge(text, tone) {
  const element = document.createElement("span");
  element.className = `diagram-badge due${tone ? ` due-${tone}` : ""}`;
  element.textContent = text;
  return element;
}

export function light(viewer, { visited, taken, active, stuck, badges = {} }) {
  each(viewer, visited, "is-visited");
  each(viewer, taken, "is-taken");
  each(viewer, active, "is-active");
  each(viewer, stuck, "is-stuck");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const [id, given] of Object.entries(badges)) {
    if (!registry.get(id)) continue;
    const { text, tone } = typeof given === "object" ? given : { text: String(given) };
    overlays.add(id, "bihuan-badge", { position: { top: -14, right: 14 }, html: badge(text, tone) });
  }
}
