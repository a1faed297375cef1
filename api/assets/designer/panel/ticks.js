// A comma list of known words, as ticks: nobody has to know how a verb is spelled.
import { h } from "@bpmn-io/properties-panel/preact";

export const SETS = {
  "bihuan:verbs": [
    ["return_to", "退回（到已办过的步骤）"],
    ["hand_over", "转办（另一个人负责）"],
    ["ask", "委派（办好回到本人）"],
    ["add_signer", "加签（几个人签的步骤）"],
    ["add_before", "前加签（他们先签）"],
    ["add_after", "后加签（他们后签）"],
    ["remove_signer", "减签（几个人签的步骤）"],
    ["urge", "催办"],
    ["register_for", "代录（录入会议或纸面上的决定）"],
  ],
};

export function isTickSetEdited(node) {
  return Boolean(node?.querySelector("input:checked"));
}

function words(value) {
  return value.split(",").map((word) => word.trim()).filter(Boolean);
}

export function TickSet({ id, label, description, choices, getValue, setValue }) {
  const chosen = words(getValue());
  const known = choices.map(([word]) => word);
  const offered = [...choices, ...chosen.filter((word) => !known.includes(word)).map((word) => [word, word])];
  const toggle = (word) => () =>
    setValue(chosen.includes(word) ? chosen.filter((other) => other !== word).join(",") : [...chosen, word].join(","));
  const row = ([word, text]) =>
    h(
      "label",
      { class: "designer-tick", key: word },
      h("input", { type: "checkbox", name: word, checked: chosen.includes(word), onChange: toggle(word) }),
      text,
    );
  return h(
    "div",
    { class: "bio-properties-panel-entry", "data-entry-id": id },
    h("span", { class: "bio-properties-panel-label" }, label),
    offered.map(row),
    description && h("div", { class: "bio-properties-panel-description" }, description),
  );
}
