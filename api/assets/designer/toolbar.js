// The buttons. Each is [key, label, title]; the designer's method of that name does it.
import { element } from "./layout.js";

const GROUPS = [
  [
    ["undo", "撤销", "撤销上一步 (Ctrl+Z)"],
    ["redo", "重做", "重做 (Ctrl+Y)"],
  ],
  [
    ["fit", "看全图", "缩放到整张图"],
    ["find", "查找", "按名称或标识查找元素 (Ctrl+F)"],
    ["simulate", "推演", "在图上推演：看令牌怎么走，不改动图"],
  ],
  [
    ["openFile", "打开文件", "从自己的电脑打开一张 .bpmn 图，放到这里"],
    ["download", "下载", "把图存成 .bpmn 文件；Camunda Modeler 也能打开"],
  ],
  [
    ["check", "检查", "让服务器检查这张图 (Ctrl+S)"],
    ["replay", "回放", "部署以前：把办过的实例放到这张图上重走一遍，看哪些会走别的路；什么也不改变"],
    ["deploy", "部署", "作为新版本部署；进行中的流程不受影响"],
  ],
];

function button(designer, [key, label, title]) {
  const primary = key === "deploy" ? " btn-primary" : "";
  const made = element("button", `btn btn-sm${primary}`, { type: "button", textContent: label, title });
  made.dataset.action = key;
  made.addEventListener("click", () => designer[key]());
  return made;
}

export function toolbar(place, designer, heading) {
  if (heading) place.append(element("strong", "designer-heading", { textContent: heading }));
  place.append(element("span", "designer-state", { role: "status" }));
  for (const group of GROUPS) {
    place.append(element("div", "btn-group", {}, ...group.map((entry) => button(designer, entry))));
  }
  const by = (key) => place.querySelector(`[data-action="${key}"]`);
  return {
    state: (text) => (place.querySelector(".designer-state").textContent = text),
    enable: (key, possible) => (by(key).disabled = !possible),
    press: (key, pressed) => by(key).setAttribute("aria-pressed", String(pressed)),
  };
}
