// The list below the canvas: what the check found. A press selects the element and brings it into view.
import { element } from "./layout.js";

const WORDS = { error: "错误", warning: "提醒" };

function summary(findings) {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  const warnings = findings.length - errors;
  if (!findings.length) return "检查过了，没有问题。";
  const parts = [errors && `${errors} 个错误`, warnings && `${warnings} 个提醒`].filter(Boolean);
  return parts.join(",");
}

export class Problems {
  constructor(place, modeler) {
    this.place = place;
    this.modeler = modeler;
    this.waiting("还没有检查。");
  }

  waiting(text) {
    this.#mark([]);
    this.place.dataset.state = "waiting";
    this.place.replaceChildren(element("p", "designer-problems-summary", { textContent: text }));
  }

  show(findings) {
    const order = [...findings].sort((a, b) => a.severity.localeCompare(b.severity) || a.line - b.line);
    const list = element("ol", "designer-problems-list", {}, ...order.map((finding) => this.#row(finding)));
    const heading = element("p", "designer-problems-summary", { textContent: summary(findings) });
    this.place.dataset.state = findings.some(({ severity }) => severity === "error") ? "errors" : "fine";
    this.place.replaceChildren(heading, list);
    this.#mark(findings);
  }

  #row(finding) {
    const target = this.modeler.get("elementRegistry").get(finding.element);
    const where = target?.businessObject?.name || finding.element || finding.file;
    const word = element("span", `badge designer-${finding.severity}`, { textContent: WORDS[finding.severity] });
    const text = element("span", "designer-finding-text", { textContent: finding.message });
    const hint = element("span", "designer-finding-hint", { textContent: finding.hint ?? "" });
    const place = element("span", "designer-finding-place", { textContent: `${where} · 第 ${finding.line} 行` });
    place.title = `${finding.file}:${finding.line} ${finding.element ?? ""} (${finding.rule})`;
    const button = element("button", "designer-finding", { type: "button" }, word, place, text, hint);
    button.addEventListener("click", () => this.#go(finding));
    return element("li", "", {}, button);
  }

  #go({ element: id, path = [] }) {
    this.#light(path);
    const canvas = this.modeler.get("canvas");
    const target = this.modeler.get("elementRegistry").get(id) ?? canvas.getRootElement();
    this.modeler.get("selection").select(target);
    if (target !== canvas.getRootElement()) canvas.scrollToElement(target, 80);
  }

  // The way to the fault, where the finding tells one (a deadlock): its elements and flows stand out.
  #light(path) {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    for (const id of this.lit ?? []) if (registry.get(id)) canvas.removeMarker(id, "on-path");
    this.lit = path.filter((id) => registry.get(id));
    for (const id of this.lit) canvas.addMarker(id, "on-path");
  }

  #mark(findings) {
    this.#light([]);
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    for (const id of this.marked ?? []) {
      if (registry.get(id)) ["has-error", "has-warning"].forEach((marker) => canvas.removeMarker(id, marker));
    }
    this.marked = findings.map((finding) => finding.element).filter((id) => id && registry.get(id));
    for (const { element: id, severity } of findings) if (registry.get(id)) canvas.addMarker(id, `has-${severity}`);
  }
}
