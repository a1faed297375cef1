"""Activities: what each kind needs to be run, and the rules of multi-instance."""

from engine.bpmn import dialect
from engine.bpmn.read.events import SINGLE_BEHAVIORS, definitions_of
from engine.bpmn.read.markup import (
    Node,
    Report,
    all_of,
    child,
    children,
    is_bpmn,
    is_true,
    local,
    reference,
    said,
    text_of,
    zeebe,
)

_WORKERS = {"serviceTask": "服务任务", "sendTask": "发送任务"}


def check_activities(root: Node, report: Report) -> None:
    """Task types, called decisions and processes, loops."""
    for task in all_of(root, *_WORKERS):
        if not _says(zeebe(task, "taskDefinition"), "type"):
            report.dialect(
                task,
                "task-type-missing",
                f"{_WORKERS['sendTask' if is_bpmn(task, 'sendTask') else 'serviceTask']}没有处理程序。",
                "请填写 zeebe:taskDefinition 的 type。",
            )
    for task in all_of(root, "businessRuleTask"):
        _decision(task, report)
    for activity in all_of(root, "callActivity"):
        _called(root, activity, report)
    for script in all_of(root, "scriptTask"):
        extension = zeebe(script, "script")
        if extension is not None and not (
            _says(extension, "expression") and _says(extension, "resultVariable")
        ):
            report.error(
                script,
                "script-incomplete",
                "zeebe:script 缺少表达式或结果变量。",
                "请填写 expression 和 resultVariable。",
            )
    for loop in all_of(root, "multiInstanceLoopCharacteristics"):
        _loop(loop, report)
    for repeat in all_of(root, "standardLoopCharacteristics"):
        if report.level == "bpmn":
            _repeat(root, repeat, report)


def _repeat(root: Node, repeat: Node, report: Report) -> None:
    """A standard loop says when it ends; what listens beside it would begin anew with each round."""
    carrier = repeat.getparent()
    name = carrier.get("id") if carrier is not None else None
    if text_of(child(repeat, "loopCondition")) is None:
        hint = "请填写 loopCondition（以“=”开头的 FEEL）。"
        report.error(repeat, "loop-endless", "标准循环没有说明何时继续。", hint)
    if repeat.get("loopMaximum") is not None:
        hint = "请把次数写进 loopCondition。"
        report.error(repeat, "unsupported-loop-maximum", "不支持标准循环的次数上限（loopMaximum）。", hint)
    for boundary in all_of(root, "boundaryEvent"):
        if (
            reference(boundary.get("attachedToRef")) == name
            and child(boundary, "timerEventDefinition") is not None
        ):
            hint = "请用网关画出回路，或把循环放进子流程，定时画在子流程上。"
            report.error(boundary, "unsupported-loop-timer", "标准循环上不支持定时边界事件。", hint)


def _says(node: Node | None, attribute: str) -> bool:
    return node is not None and bool((node.get(attribute) or "").strip())


def _decision(task: Node, report: Report) -> None:
    called = zeebe(task, "calledDecision")
    if called is None and zeebe(task, "taskDefinition") is None:
        report.dialect(
            task, "decision-missing", "业务规则任务没有决策。", "请填写 zeebe:calledDecision 的 decisionId。"
        )
    elif called is not None and not (_says(called, "decisionId") and _says(called, "resultVariable")):
        report.error(
            task,
            "decision-incomplete",
            "zeebe:calledDecision 缺少决策或结果变量。",
            "请填写 decisionId 和 resultVariable。",
        )


def _called(root: Node, activity: Node, report: Report) -> None:
    called = zeebe(activity, "calledElement")
    name = (
        (called.get("processId") if called is not None else None) or activity.get("calledElement") or ""
    ).strip()
    if not name:
        report.error(
            activity,
            "called-process-missing",
            "调用活动没有选定流程。",
            "请填写 zeebe:calledElement 的 processId。",
        )
        return
    for process in children(root, "process"):
        if process.get("id") == name.rpartition(":")[2] and not _startable(process):
            report.error(
                activity,
                "called-process-start",
                f"被调用的流程 “{name}” 没有空开始事件。",
                "请给被调用的流程一个空开始事件。",
            )


def _startable(process: Node) -> bool:
    """Has it a none start event (or, as the standard allows, no start and no end event at all)?"""
    starts = list(children(process, "startEvent"))
    kinds = (*dialect.EVENT_DEFINITIONS, "eventDefinitionRef")
    return not starts or any(next(children(start, *kinds), None) is None for start in starts)


def _loop(loop: Node, report: Report) -> None:
    extension = zeebe(loop, "loopCharacteristics")
    collection = _says(extension, "inputCollection")
    cardinality = text_of(child(loop, "loopCardinality")) is not None
    if not collection and not cardinality:
        report.error(
            loop,
            "loop-empty",
            "多实例没有说明做几次。",
            "请填写 zeebe:loopCharacteristics 的 inputCollection。",
        )
    elif collection and cardinality:
        report.error(
            loop, "loop-twice", "多实例既有集合又有次数。", "请只留 inputCollection 或 loopCardinality 之一。"
        )
    if extension is not None and _says(extension, "outputCollection") != _says(extension, "outputElement"):
        report.error(
            loop,
            "loop-output",
            "多实例的输出集合与输出元素必须同时填写。",
            "请补全 outputCollection 和 outputElement，或都删去。",
        )
    _loop_supported(loop, report)


def _loop_supported(loop: Node, report: Report) -> None:
    carrier = loop.getparent()
    allowed = dialect.MULTI_INSTANCE_AT_LEVEL_BPMN if report.level == "bpmn" else dialect.MULTI_INSTANCE
    beside = carrier is not None and is_true(carrier, "triggeredByEvent")
    if carrier is not None and (beside or local(carrier) not in allowed):
        report.error(
            loop,
            "unsupported-multi-instance",
            f"{local(carrier)} 不能是多实例。",
            "请把要重复的步骤放进一个流程，用多实例的调用活动去调它。",
        )
    behavior = said(loop, "behavior", "All")
    inside = report.level == "bpmn" and (carrier is None or local(carrier) != "callActivity")
    if behavior != "All" and not inside:
        report.error(
            loop,
            "unsupported-loop-behavior",
            f"不支持多实例行为 behavior=“{behavior}”。",
            "请用 All（默认），提前结束用完成条件。",
        )
        return
    _announcements(loop, behavior, report)


def _announcements(loop: Node, behavior: str, report: Report) -> None:
    """The behaviours None and One name the event that they throw, Complex has definitions of its own."""
    complex_ones = list(children(loop, "complexBehaviorDefinition"))
    if bool(complex_ones) != (behavior == "Complex"):
        message = f"多实例行为 behavior=“{behavior}” 与复杂行为（complexBehaviorDefinition）不一致。"
        hint = "只有 Complex 才有、并且必须有复杂行为的定义。"
        report.error(loop, "loop-behavior-mismatch", message, hint)
    if any(text_of(child(one, "condition")) is None for one in complex_ones):
        hint = "请填写以“=”开头的 FEEL 条件。"
        report.error(loop, "condition-empty", "多实例的复杂行为没有条件。", hint)
    shared = {node.get("id", ""): node for node in children(_definitions(loop), *dialect.EVENT_DEFINITIONS)}
    named = [
        shared.get(reference(loop.get(attribute)) or "")
        for name, (attribute, _) in SINGLE_BEHAVIORS.items()
        if name == behavior
    ]
    for one in complex_ones:
        event = child(one, "event")
        named += definitions_of(event, shared) if event is not None else []
    for node in named:
        if node is None or dialect.EVENT_DEFINITIONS[local(node)] not in ("signal", "escalation"):
            message = "多实例每一轮结束时抛出的事件没有定义，或不是信号、升级。"
            hint = (
                "请在文件顶层定义一个信号或升级事件，并由 noneBehaviorEventRef 或 oneBehaviorEventRef 引用。"
            )
            report.error(loop, "unsupported-loop-event", message, hint)


def _definitions(node: Node) -> Node:
    root: Node = node.getroottree().getroot()
    return root
