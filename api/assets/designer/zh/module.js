// The modeler's translation: English template in, Chinese out. What has no entry stays English and is remembered
// in `untranslated`, which the browser tests read.
import { canvas } from "./canvas.js";
import { elements } from "./elements.js";
import { panel } from "./panel.js";

const words = { ...panel, ...canvas, ...elements };

export const untranslated = new Set();

export function translate(template, replacements = {}) {
  const found = words[template];
  if (found === undefined && /[A-Za-z]/.test(template)) untranslated.add(template);
  return (found ?? template).replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}

export const chinese = { translate: ["value", translate] };
