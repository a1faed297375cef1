"""Which parts of BPMN 2.0 and zeebe this engine runs. One place: what is not named here is refused by name.

Widen a row when the execution makes it work, and only then. Levels: at `bpmn` the standard's semantics
inside one instance count; at `dialect` whatever stands in `ONLY_AT_LEVEL_BPMN` is refused as well.
"""

from typing import Literal

Level = Literal["bpmn", "dialect"]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA7 = "http://camunda.org/schema/1.0/bpmn"

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    }
)
SCOPES = frozenset({"subProcess", "transaction"})
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS


Position = Literal["start", "event_subprocess_start", "catch", "throw", "end", "boundary"]

SUPPORTED_EVENTS: dict[Position, frozenset[str]] = {
    "start": frozenset({"none", "message", "timer", "signal"}),
    "event_subprocess_start": frozenset(
        {"message", "timer", "signal", "conditional", "error", "escalation", "compensation"}
    ),
    "catch": frozenset({"message", "timer", "signal", "conditional", "link"}),
    "throw": frozenset({"none", "message", "signal", "escalation", "link", "compensation"}),
    "end": frozenset(
        {"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"}
    ),
    "boundary": frozenset(
        {"message", "timer", "signal", "conditional", "error", "escalation", "compensation", "cancel"}
    ),
}
"""What an event may wait for or throw, by its place. "none": without an event definition."""

ALLOWED_BY_STANDARD: dict[Position, frozenset[str]] = {
    "start": frozenset({"none", "message", "timer", "signal", "conditional"}),
    "event_subprocess_start": frozenset(
        {"message", "timer", "error", "escalation", "signal", "conditional", "compensation"}
    ),
    "catch": frozenset({"message", "timer", "signal", "conditional", "link"}),
    "throw": frozenset({"none", "message", "escalation", "signal", "link", "compensation"}),
    "end": frozenset(
        {"none", "message", "error", "escalation", "signal", "terminate", "compensation", "cancel"}
    ),
    "boundary": frozenset(
        {"message", "timer", "error", "escalation", "signal", "conditional", "compensation", "cancel"}
    ),
}
"""BPMN 2.0.2, tables 10.84 to 10.93: outside of these an event is wrong, not merely unsupported."""

ONLY_AT_LEVEL_BPMN: frozenset[tuple[Position, str]] = frozenset({("start", "timer")})
"""(position, event kind) that run inside one instance, but mean more across instances than is given."""

EVENT_DEFINITIONS: dict[str, str] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
    "conditionalEventDefinition": "conditional",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
}

EVENT_NAMES: dict[str, str] = {
    "none": "空事件",
    "timer": "定时事件",
    "message": "消息事件",
    "signal": "信号事件",
    "error": "错误事件",
    "escalation": "升级事件",
    "terminate": "终止事件",
    "link": "链接事件",
    "conditional": "条件事件",
    "compensation": "补偿事件",
    "cancel": "取消事件",
    "multiple": "多重事件",
}

POSITION_NAMES: dict[Position, str] = {
    "start": "开始事件",
    "event_subprocess_start": "事件子流程的开始事件",
    "catch": "中间捕获事件",
    "throw": "中间抛出事件",
    "end": "结束事件",
    "boundary": "边界事件",
}

REFUSED_ELEMENTS: dict[str, tuple[str, str]] = {
    "complexGateway": ("复杂网关", "请用包容网关或排他网关加条件来表达。"),
    "adHocSubProcess": ("自由子流程（ad-hoc）", "请画成普通子流程，用网关表达先后与可选。"),
    "standardLoopCharacteristics": ("标准循环标记", "请用网关画出回路，或使用多实例。"),
    "choreography": ("编舞图", "只支持流程图（process）。"),
    "globalChoreographyTask": ("编舞任务", "只支持流程图（process）。"),
    "choreographyTask": ("编舞任务", "只支持流程图（process）。"),
    "subChoreography": ("子编舞", "只支持流程图（process）。"),
    "callChoreography": ("调用编舞", "只支持流程图（process）。"),
    "import": ("导入其他文件", "请把所需内容放在本文件，流程之间用调用活动。"),
    "globalTask": ("全局任务", "请改用流程和调用活动。"),
    "globalUserTask": ("全局用户任务", "请改用流程和调用活动。"),
    "globalManualTask": ("全局手工任务", "请改用流程和调用活动。"),
    "globalScriptTask": ("全局脚本任务", "请改用流程和调用活动。"),
    "globalBusinessRuleTask": ("全局规则任务", "请改用流程和调用活动。"),
    "implicitThrowEvent": ("隐式抛出事件", "请改用中间抛出事件。"),
    "assignment": ("数据关联中的赋值", "请用 zeebe:ioMapping 的输入、输出映射。"),
    "transformation": ("数据关联中的转换", "请用 zeebe:ioMapping 的输入、输出映射。"),
}
"""Elements of BPMN that are understood and refused: Chinese name, what to do instead."""

_DOCUMENTATION = """
documentation extensionElements incoming outgoing textAnnotation text association group category
categoryValue categoryValueRef laneSet lane childLaneSet flowNodeRef partitionElement collaboration
participant participantMultiplicity participantAssociation innerParticipantRef outerParticipantRef
participantRef messageFlow messageFlowAssociation messageFlowRef correlationKey correlationProperty
correlationPropertyRef correlationPropertyRetrievalExpression correlationSubscription
correlationPropertyBinding messagePath dataPath dataObject dataObjectReference dataStore
dataStoreReference dataState property ioSpecification ioBinding dataInput dataOutput inputSet
outputSet inputSetRefs outputSetRefs dataInputRefs dataOutputRefs optionalInputRefs
optionalOutputRefs whileExecutingInputRefs whileExecutingOutputRefs dataInputAssociation
dataOutputAssociation sourceRef targetRef itemDefinition interface operation inMessageRef
outMessageRef errorRef operationRef interfaceRef supportedInterfaceRef supports resource
resourceParameter resourceRole resourceRef resourceParameterBinding performer humanPerformer
potentialOwner resourceAssignmentExpression expression formalExpression rendering monitoring
auditing partnerEntity partnerRole endPoint endPointRef extension relationship conversation
globalConversation conversationNode conversationLink conversationAssociation subConversation
callConversation source target loopDataInputRef loopDataOutputRef inputDataItem outputDataItem
"""
DOCUMENTATION = frozenset(_DOCUMENTATION.split())
"""Elements of BPMN that are kept and shown but never run."""

_RUN = """
definitions process sequenceFlow conditionExpression message error signal escalation
multiInstanceLoopCharacteristics loopCardinality completionCondition timeDuration timeDate timeCycle
condition eventDefinitionRef script loopCondition complexBehaviorDefinition event
"""
RUN = frozenset(_RUN.split())
"""The remaining elements of BPMN that mean something here (beside flow nodes and event definitions)."""

ZEEBE_ON: dict[str, frozenset[str]] = {
    "properties": frozenset({"*"}),
    "ioMapping": ACTIVITIES | EVENTS,
    "taskDefinition": frozenset(
        {
            "serviceTask",
            "sendTask",
            "businessRuleTask",
            "scriptTask",
            "intermediateThrowEvent",
            "endEvent",
            "messageEventDefinition",
        }
    ),
    "taskHeaders": ACTIVITIES | EVENTS,
    "userTask": frozenset({"userTask"}),
    "assignmentDefinition": frozenset({"userTask"}),
    "taskSchedule": frozenset({"userTask"}),
    "priorityDefinition": frozenset({"userTask"}),
    "formDefinition": frozenset({"userTask", "startEvent"}),
    "calledDecision": frozenset({"businessRuleTask"}),
    "calledElement": frozenset({"callActivity"}),
    "script": frozenset({"scriptTask"}),
    "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
    "subscription": frozenset({"message"}),
    "versionTag": frozenset({"process"}),
}
"""zeebe extension elements that mean something here, and the elements that may carry them ("*": any)."""

REFUSED_ZEEBE: dict[str, tuple[str, str]] = {
    "taskListeners": ("任务监听器", "请把要做的事画成服务任务。"),
    "executionListeners": ("执行监听器", "请把要做的事画成服务任务。"),
    "userTaskForm": ("嵌在流程里的表单", "请把表单存为 .form 文件，用 zeebe:formDefinition 的 formId 引用。"),
    "linkedResources": ("链接资源", "请改用服务任务的处理程序。"),
    "adHoc": ("自由子流程（ad-hoc）", "请画成普通子流程。"),
    "conditionalFilter": ("条件事件的变量过滤", "请删去过滤；条件在每次变量改变之后都会重新判断。"),
}

BIHUAN_PROPERTIES: dict[str, frozenset[str]] = {
    "bihuan:name.en": frozenset({"*"}),
    "bihuan:post": frozenset({"lane", "userTask", "manualTask"}),
    "bihuan:record": frozenset({"userTask"}),
    "bihuan:outcomes": frozenset({"userTask"}),
    "bihuan:vote": frozenset({"userTask"}),
    "bihuan:signers": frozenset({"userTask"}),
    "bihuan:reject": frozenset({"userTask"}),
    "bihuan:approves": frozenset({"userTask"}),
    "bihuan:weights": frozenset({"userTask"}),
    "bihuan:voters": frozenset({"userTask"}),
    "bihuan:distinct": frozenset({"userTask"}),
    "bihuan:opinion": frozenset({"userTask"}),
    "bihuan:verbs": frozenset({"userTask"}),
    "bihuan:returnTo": frozenset({"userTask"}),
    "bihuan:handOverTo": frozenset({"userTask"}),
    "bihuan:registers": frozenset({"userTask"}),
    "bihuan:readonly": frozenset({"userTask"}),
    "bihuan:hidden": frozenset({"userTask"}),
    "bihuan:writable": frozenset({"userTask"}),
    "bihuan:nextHandler": frozenset({"userTask"}),
    "bihuan:signature": frozenset({"userTask"}),
    "bihuan:remind": frozenset({"userTask"}),
    "bihuan:escalate": frozenset({"userTask"}),
    "bihuan:ownApproval": frozenset({"userTask"}),
    "bihuan:sameApprover": frozenset({"userTask"}),
    "bihuan:overdueOutcome": frozenset({"userTask"}),
    "bihuan:overdueTo": frozenset({"userTask"}),
    "bihuan:advice": frozenset({"userTask", "serviceTask"}),
    "bihuan:decisions": frozenset({"serviceTask", "userTask"}),
    "bihuan:subject": frozenset({"process"}),
    "bihuan:title": frozenset({"process", "userTask"}),
    "bihuan:businessKey": frozenset({"process", "callActivity"}),
    "bihuan:withdraw": frozenset({"process"}),
}
"""Our own `zeebe:property` names and what may carry them ("*": anything)."""

FOREIGN_ENGINES: dict[str, str] = {
    CAMUNDA7: "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://www.jboss.org/drools": "jBPM",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}
"""Namespaces whose elements and attributes carry another engine's code or expressions."""

HARMLESS_FOREIGN = frozenset(
    {"diagramRelationId", "isStartableInTasklist", "versionTag", "historyTimeToLive"}
)
"""Attributes of other engines that say nothing about execution."""

MULTI_INSTANCE = frozenset({"callActivity"})
"""Activities that may carry the multi-instance mark."""

MULTI_INSTANCE_AT_LEVEL_BPMN = ACTIVITIES - {"transaction"}
"""The same inside one instance; a city's fan-out is always a call, so that each unit has its own instance."""

ELEMENTS_ONLY_AT_LEVEL_BPMN = frozenset({"standardLoopCharacteristics"})
"""Of REFUSED_ELEMENTS: those that run as the standard says, but that no city draws."""

START_QUANTITIES_AT_LEVEL_BPMN = ACTIVITIES - {"receiveTask"}
"""Activities whose startQuantity may be more than 1 at level bpmn; completionQuantity is always 1."""

INSTANTIATING = frozenset({"receiveTask"})
"""What may start a process by `instantiate`; an event gateway may not."""


def supported_events(position: Position, level: Level) -> frozenset[str]:
    """The event kinds that run at a position."""
    kinds = SUPPORTED_EVENTS[position]
    if level == "bpmn":
        return kinds
    return frozenset(kind for kind in kinds if (position, kind) not in ONLY_AT_LEVEL_BPMN)


def is_understood(name: str) -> bool:
    """Is this local name of BPMN run, or kept as documentation?"""
    return name in FLOW_NODES or name in DOCUMENTATION or name in RUN or name in EVENT_DEFINITIONS


def is_activity(name: str) -> bool:
    """Is this local name a task, subprocess or call activity?"""
    return name in ACTIVITIES
