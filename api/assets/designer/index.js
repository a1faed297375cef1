// The process designer.
// <div data-designer data-xml-url data-lint-url data-replay-url data-deploy-url data-key="p02" data-version="3" data-name="p02.bpmn">
// GET xml-url: the diagram. POST lint-url {files: {name: xml}}: {findings}. POST deploy-url, same body:
// 200 {definition, version} or 422 {findings}. POST replay-url, same body: 202 {address} of a page, or 422
// {findings}. Optional: data-heading (shown left of the buttons).
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css";
import "./designer.css";
import { Designer } from "./designer.js";
import { untranslated } from "./zh/module.js";

for (const host of document.querySelectorAll("[data-designer]")) {
  const designer = new Designer(host);
  host.designer = designer;
  designer.untranslated = untranslated;
  designer.start();
}
