// Diagrams to look at. <div data-diagram="URL of the BPMN file" data-state="URL or JSON">…fallback…</div>
//
// State: {"visited": [ids], "taken": [flow ids], "active": [ids], "stuck": [ids],
//         "badges": {"id": "3" or {"text": "3 家逾期", "tone": "late"}}}. All parts may be missing.
// With data-elements, a press on an element sends the event `bihuan:element` ({detail: {id, name}}) that bubbles.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css";
import "./viewer.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { light } from "./light.js";
import { tools } from "./tools.js";
import { wheelOnlyWithControl } from "./wheel.js";
import { chinese } from "../designer/zh/module.js";

async function text(url) {
  const answer = await fetch(url, { headers: { Accept: "application/xml, application/json;q=0.9" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

async function stateOf(host) {
  const given = host.dataset.state?.trim();
  if (!given) return {};
  return JSON.parse(given.startsWith("{") ? given : await text(given));
}

function announcePresses(viewer, host) {
  viewer.on("element.click", ({ element }) => {
    const detail = { id: element.businessObject.id, name: element.businessObject.name ?? "" };
    host.dispatchEvent(new CustomEvent("bihuan:element", { bubbles: true, detail }));
  });
}

export async function show(host) {
  const fallback = [...host.childNodes];
  const canvas = document.createElement("div");
  canvas.className = "diagram-canvas";
  const viewer = new NavigatedViewer({
    container: canvas,
    moddleExtensions: { zeebe },
    zoomScroll: { enabled: false },
    additionalModules: [chinese],
  });
  try {
    const [xml, state] = await Promise.all([text(host.dataset.diagram), stateOf(host)]);
    host.replaceChildren(canvas);
    await viewer.importXML(xml);
    light(viewer, state);
    host.append(tools(viewer));
    wheelOnlyWithControl(viewer, canvas);
    if ("elements" in host.dataset) announcePresses(viewer, host);
    host.dataset.shown = "yes";
  } catch (reason) {
    viewer.destroy();
    host.replaceChildren(...fallback);
    host.dataset.shown = "no";
    console.error("The diagram could not be shown.", reason);
  }
  return viewer;
}

// Drawing costs more than the rest of a page: a diagram further down is drawn when somebody comes near it,
// or when the page has been read for a while (so that it is there when the page is printed).
const NEAR = "300px";
const A_WHILE_MS = 3000;
const begun = new WeakSet();

function showOnce(host) {
  if (begun.has(host)) return;
  begun.add(host);
  show(host);
}

const nearing = new IntersectionObserver(
  (entries) =>
    entries.filter((one) => one.isIntersecting).forEach(({ target }) => {
      nearing.unobserve(target);
      showOnce(target);
    }),
  { rootMargin: NEAR },
);

function showWhenNear(host) {
  nearing.observe(host);
  setTimeout(() => host.isConnected && showOnce(host), A_WHILE_MS);
}

document.querySelectorAll("[data-diagram]").forEach(showWhenNear);
// Pages that htmx changes may bring further diagrams.
document.addEventListener("htmx:after:swap", () =>
  document.querySelectorAll("[data-diagram]:not([data-shown])").forEach(showWhenNear),
);
