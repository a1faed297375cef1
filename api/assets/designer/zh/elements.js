// Kinds of elements, as menus and the panel's heading name them. Events are composed of their parts.
const PLAIN = {
  "Association": "关联",
  "Business rule task": "业务规则任务",
  "Call activity": "调用活动",
  "Collaboration": "协作",
  "Complex gateway": "复杂网关",
  "Conditional flow": "条件流",
  "Data object reference": "数据对象",
  "Data store reference": "数据存储",
  "Default flow": "默认流",
  "Empty pool/participant": "泳池（空）",
  "Empty pool/participant (removes content)": "泳池（空，会去掉内容）",
  "Event based gateway": "事件网关",
  "Event based instantiating Gateway": "事件网关（启动流程）",
  "Event sub-process": "事件子流程",
  "Expanded sub-process": "子流程（展开）",
  "Collapsed sub-process": "子流程（收起）",
  "Event-based gateway": "事件网关",
  "Exclusive gateway": "排他网关",
  "Expanded pool/participant": "泳池（展开）",
  "Group": "分组框",
  "Inclusive gateway": "包容网关",
  "Lane": "泳道",
  "Manual task": "手工任务",
  "Message flow": "消息流",
  "Parallel Event based instantiating Gateway": "并行事件网关（启动流程）",
  "Parallel gateway": "并行网关",
  "Participant": "泳池",
  "Pool": "泳池",
  "Process": "流程",
  "Receive task": "接收任务",
  "Script task": "脚本任务",
  "Send task": "发送任务",
  "Sequence flow": "顺序流",
  "Service task": "服务任务",
  "Sub-process": "子流程",
  "Sub-process (collapsed)": "子流程（收起）",
  "Sub-process (expanded)": "子流程（展开）",
  "Ad-hoc sub-process": "临时子流程",
  "Ad-hoc sub-process (collapsed)": "临时子流程（收起）",
  "Ad-hoc sub-process (expanded)": "临时子流程（展开）",
  "Task": "任务",
  "Text annotation": "文字说明",
  "Transaction": "事务子流程",
  "User task": "用户任务",
};

const CAUSES = {
  "Cancel": "取消",
  "Compensation": "补偿",
  "Conditional": "条件",
  "Error": "错误",
  "Escalation": "升级",
  "Link": "链接",
  "Message": "消息",
  "Signal": "信号",
  "Terminate": "终止",
  "Timer": "定时",
};

const PLACES = {
  "start event": "开始事件",
  "end event": "结束事件",
  "boundary event": "边界事件",
  "intermediate catch event": "中间等待事件",
  "intermediate throw event": "中间抛出事件",
};

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function composed() {
  const words = {};
  for (const [place, ground] of Object.entries(PLACES)) {
    words[capital(place)] = ground;
    for (const [cause, reason] of Object.entries(CAUSES)) {
      words[`${cause} ${place}`] = reason + ground;
      words[`${cause} ${place} (non-interrupting)`] = `${reason}${ground}（不打断）`;
    }
  }
  return words;
}

// The panel's heading writes some kinds with other capitals ("User Task", "Sub Process").
function withHeadings(words) {
  const more = {};
  for (const [english, chinese] of Object.entries(words)) {
    const spaced = english.replace(/-/g, " ");
    more[spaced.replace(/([ (])([a-z])/g, (_, before, letter) => before + letter.toUpperCase())] = chinese;
    more[spaced] = chinese;
  }
  return { ...more, ...words };
}

export const elements = withHeadings({ ...PLAIN, ...composed() });
