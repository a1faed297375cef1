// Token simulation has no translation of its own: its notices and log are put into Chinese as they are shown.

const WORDS = {
  "Reset Simulation": "重新推演",
  "Pause Simulation": "推演已暂停",
  "Play Simulation": "继续推演",
  "Found unsupported elements": "有不能推演的元素",
  "Not supported": "不能推演",
  "Finished": "已结束",
  "Service Task": "服务任务",
  "User Task": "用户任务",
  "Call Activity": "调用活动",
  "Script Task": "脚本任务",
  "Business Rule Task": "业务规则任务",
  "Task": "任务",
  "Exclusive Gateway": "排他网关",
  "Parallel Gateway": "并行网关",
  "Inclusive Gateway": "包容网关",
  "Start Event": "开始事件",
  "Intermediate Event": "中间事件",
  "Boundary Event": "边界事件",
  "End Event": "结束事件",
};

const TITLES = {
  "Reset Simulation": "重新推演",
  "Play/Pause Simulation": "暂停或继续",
  "Toggle Simulation Log": "推演记录",
  "Set Sequence Flow": "换一条路",
  "Add pause point": "在这里停一下",
  "Remove pause point": "不再停",
  "Trigger Event": "触发",
  "Toggle Token Simulation": "推演",
};

function chineseTitles(root) {
  for (const control of root.querySelectorAll("[title]")) {
    const found = TITLES[control.title];
    if (found) control.title = found;
  }
}

const INSTANCES = { started: "开始", finished: "结束", canceled: "取消" };

function inChinese(text) {
  const [, state] = /^Process (started|finished|canceled)$/.exec(text) ?? [];
  return state ? `流程${INSTANCES[state]}` : (WORDS[text] ?? text);
}

class SimulationInChinese {
  static $inject = ["notifications", "log", "canvas", "eventBus"];

  constructor(notifications, log, canvas, eventBus) {
    const write = log.log.bind(log);
    log.log = (given) => write({ ...given, text: inChinese(given.text) });
    const show = notifications.showNotification.bind(notifications);
    notifications.showNotification = (given) => show({ ...given, text: inChinese(given.text) });
    const container = canvas.getContainer().parentElement;
    eventBus.on("tokenSimulation.toggleMode", ({ active }) => active && chineseTitles(container));
    eventBus.on(["tokenSimulation.simulator.elementChanged", "diagram.init"], () => chineseTitles(container));
  }
}

export const simulationInChinese = {
  __init__: ["bihuanSimulationInChinese"],
  bihuanSimulationInChinese: ["type", SimulationInChinese],
};
