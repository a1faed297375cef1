"""Events by place: which triggers a start, catch, throw, end or boundary event may have, and their data."""

from engine.bpmn import dialect
from engine.bpmn.dialect import EVENT_NAMES, POSITION_NAMES, Position
from engine.bpmn.read.events import definitions_of, kind_of, position_of
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
    text_of,
    zeebe,
)


def check_events(root: Node, report: Report) -> None:
    """Every event has one definition that is allowed and supported at its place, with what it needs."""
    shared = {node.get("id", ""): node for node in children(root, *dialect.EVENT_DEFINITIONS)}
    known = {node.get("id", ""): node for node in children(root)}
    for event in all_of(root, *sorted(dialect.EVENTS)):
        position, kind = position_of(event), kind_of(event, shared)
        if not _allowed(event, position, kind, report):
            continue
        for definition in definitions_of(event, shared):
            _details(event, definition, (position, known), report)


def _allowed(event: Node, position: Position, kind: str, report: Report) -> bool:
    chinese, place = EVENT_NAMES[kind], POSITION_NAMES[position]
    if kind == "multiple" or is_true(event, "parallelMultiple"):
        report.error(
            event, "unsupported-event", f"{place}不支持多重事件。", "请拆成几个事件，每个只等一件事。"
        )
        return False
    if kind not in dialect.ALLOWED_BY_STANDARD[position]:
        report.error(
            event,
            "event-not-allowed",
            f"{place}不能是{chinese}。",
            "请按 BPMN 2.0 改用这里允许的事件：" + _names(dialect.ALLOWED_BY_STANDARD[position]) + "。",
        )
        return False
    if position == "start" and kind != "none" and not is_bpmn(_parent(event), "process"):
        hint = "嵌入子流程只能用空开始事件；要等事件，请用边界事件。"
        report.error(event, "event-not-allowed", f"嵌入子流程的开始事件不能是{chinese}。", hint)
        return False
    supported = dialect.supported_events(position, report.level)
    if kind not in supported:
        report.error(
            event,
            "unsupported-event",
            f"不支持{chinese}作{place}。",
            "这里可以用：" + _names(supported) + "。",
        )
        return False
    return True


def _names(kinds: frozenset[str]) -> str:
    return "、".join(chinese for kind, chinese in EVENT_NAMES.items() if kind in kinds)


def _details(event: Node, definition: Node, place: tuple[Position, dict[str, Node]], report: Report) -> None:
    position, known = place
    kind = dialect.EVENT_DEFINITIONS[local(definition)]
    if kind in ("message", "signal"):
        _named(event, definition, (position, known), report)
    elif kind in ("error", "escalation") and position in ("end", "throw"):
        _coded(event, definition, known, report)
    final = kind in ("error", "compensation", "cancel") and position == "boundary"
    if final and not is_true(event, "cancelActivity", default=True):
        _interrupts(event, f"{EVENT_NAMES[kind][:2]}边界事件", report)
    if kind == "conditional":
        _condition(event, definition, report)
    inside = position == "event_subprocess_start"
    if kind in ("error", "compensation") and inside and not is_true(event, "isInterrupting", default=True):
        _interrupts(event, f"由{EVENT_NAMES[kind]}启动的事件子流程", report)


def _condition(event: Node, definition: Node, report: Report) -> None:
    text = text_of(child(definition, "condition"))
    if text is None:
        report.error(event, "condition-empty", "条件事件没有条件。", "请填写以“=”开头的 FEEL 条件。")
    elif "now()" in text or "today()" in text:
        report.warning(
            event,
            "condition-on-time",
            "条件里用了时间：条件只在变量改变之后判断，不会因时间过去而成立。",
            "到时要做的事请用定时事件。",
        )


def _interrupts(event: Node, what: str, report: Report) -> None:
    report.error(event, "must-interrupt", f"{what}必须是中断的。", "请改成中断事件。")


def _named(event: Node, definition: Node, place: tuple[Position, dict[str, Node]], report: Report) -> None:
    position, known = place
    kind = dialect.EVENT_DEFINITIONS[local(definition)]
    ref = reference(definition.get(f"{kind}Ref"))
    target = known.get(ref or "")
    if ref is None:
        report.error(
            event,
            f"{kind}-missing",
            f"{EVENT_NAMES[kind]}没有选定{EVENT_NAMES[kind][:2]}。",
            f"请在属性面板里选一个{EVENT_NAMES[kind][:2]}。",
        )
    elif target is not None and is_bpmn(target, "message"):
        implemented = child(definition, "operationRef") is not None
        if position in ("throw", "end"):
            own = (
                zeebe(event, "taskDefinition") is not None or zeebe(definition, "taskDefinition") is not None
            )
            if not own and not (implemented and report.level == "bpmn"):
                _unsendable(event, report)
        elif (
            position != "start"
            and zeebe(target, "subscription") is None
            and not (implemented and report.level == "bpmn")
        ):
            _uncorrelated(event, target, report)


def _unsendable(event: Node, report: Report) -> None:
    report.error(
        event,
        "message-unsendable",
        "消息抛出事件没有说明怎样发出消息。",
        "请加 zeebe:taskDefinition type=“bihuan:publish” 和输入映射 messageName、correlationKey。",
    )


def _uncorrelated(event: Node, message: Node, report: Report) -> None:
    report.error(
        event,
        "message-uncorrelated",
        f"消息 “{message.get('name') or message.get('id')}” 没有关联键，无法找到等它的实例。",
        "请在消息上加 zeebe:subscription correlationKey（以“=”开头的 FEEL）。",
    )


def _coded(event: Node, definition: Node, known: dict[str, Node], report: Report) -> None:
    kind = dialect.EVENT_DEFINITIONS[local(definition)]
    target = known.get(reference(definition.get(f"{kind}Ref")) or "")
    code = (target.get(f"{kind}Code") or "").strip() if target is not None else ""
    if not code:
        report.error(
            event,
            "code-missing",
            f"抛出{EVENT_NAMES[kind][:2]}的事件没有代码（{kind}Code）。",
            f"请选定一个有代码的{EVENT_NAMES[kind][:2]}定义。",
        )


def check_message_tasks(root: Node, report: Report) -> None:
    """Receive tasks wait for a message that can be correlated; `messageRef` is optional at level bpmn."""
    known = {node.get("id", ""): node for node in children(root, "message")}
    for task in all_of(root, "receiveTask"):
        ref = reference(task.get("messageRef"))
        message = known.get(ref or "")
        if ref is None:
            report.dialect(task, "message-missing", "接收任务没有选定消息。", "请在属性面板里选一个消息。")
        elif message is not None and zeebe(message, "subscription") is None and report.level == "dialect":
            _uncorrelated(task, message, report)
    for message in known.values():
        referred = text_of(message) or message.get("name")
        if not referred:
            report.dialect(message, "message-unnamed", "消息没有名称。", "请给消息一个名称。")


def _parent(node: Node) -> Node:
    parent = node.getparent()
    return node if parent is None else parent
