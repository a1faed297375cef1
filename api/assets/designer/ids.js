// New elements get ids that can be spoken and numbered (task_1, gateway_2) instead of random letters: they appear
// in histories, findings and tests, and the designer renames the important ones anyway.

const WORDS = [
  ["bpmn:UserTask", "task"],
  ["bpmn:Task", "task"],
  ["bpmn:Gateway", "gateway"],
  ["bpmn:StartEvent", "start"],
  ["bpmn:EndEvent", "end"],
  ["bpmn:BoundaryEvent", "boundary"],
  ["bpmn:Event", "event"],
  ["bpmn:SequenceFlow", "flow"],
  ["bpmn:CallActivity", "call"],
  ["bpmn:SubProcess", "part"],
  ["bpmn:Lane", "lane"],
  ["bpmn:Participant", "pool"],
  ["bpmn:TextAnnotation", "note"],
  ["bpmn:Message", "message"],
  ["bpmn:Error", "error"],
  ["bpmn:Signal", "signal"],
  ["bpmn:Escalation", "escalation"],
  ["bpmn:Process", "process"],
];

class ReadableIds {
  static $inject = ["bpmnFactory", "moddle"];

  constructor(bpmnFactory, moddle) {
    const ensureId = bpmnFactory._ensureId.bind(bpmnFactory);
    bpmnFactory._ensureId = (element) => {
      const word = WORDS.find(([type]) => element.$instanceOf?.(type))?.[1];
      if (element.id || !word) return ensureId(element);
      let number = 1;
      while (moddle.ids.assigned(`${word}_${number}`)) number += 1;
      element.id = `${word}_${number}`;
      moddle.ids.claim(element.id, element);
    };
  }
}

export const readableIds = { __init__: ["bihuanReadableIds"], bihuanReadableIds: ["type", ReadableIds] };
