"""Compensation, transactions and cancelling: what undoes what must be drawn, and where it can happen."""

from engine.bpmn.model import Element, Model
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape


def check_undoing(model: Model, report: Report) -> None:
    """Every activity for compensation undoes something, every event that throws finds something to undo."""
    for process in model.processes.values():
        shape = Shape(process)
        helpers = {e.handler for e in process.elements.values() if e.handler is not None}
        for element in process.elements.values():
            kind = element.event.kind if element.event is not None else None
            if element.for_compensation:
                _helper(shape, element, helpers, report)
            if kind == "compensation" and element.kind == "boundaryEvent":
                _border(shape, element, report)
            elif kind == "compensation" and element.kind == "startEvent":
                _start(shape, element, report)
            elif kind == "compensation":
                _throw(shape, element, report)
            elif kind == "cancel":
                _cancel(shape, element, report)


def _say(report: Report, element: Element, rule: str, message: str, hint: str) -> None:
    report.add(element.line, element.id, rule, message, hint)


def _helper(shape: Shape, element: Element, helpers: set[str], report: Report) -> None:
    if element.incoming or element.outgoing:
        message, hint = "补偿活动不能有顺序流进出。", "请删去这些线；它只由补偿事件引出的关联线（虚线）连接。"
        _say(report, element, "compensation-connected", message, hint)
    if element.id not in helpers:
        message, hint = "没有补偿边界事件连到这个补偿活动。", "请从补偿边界事件画一条关联线到它，或删去它。"
        _say(report, element, "compensation-unused", message, hint)
    if shape.boundaries(element.id):
        message, hint = "不支持补偿活动上的边界事件。", "请把补偿活动画成子流程，边界事件画在里面的步骤上。"
        _say(report, element, "unsupported-compensation", message, hint)


def _border(shape: Shape, event: Element, report: Report) -> None:
    handler = shape.process.elements.get(event.handler or "")
    host = shape.process.elements.get(event.attached_to or "")
    if handler is None:
        message, hint = "补偿边界事件没有连到补偿活动。", "请画一条关联线到标为“补偿”的活动。"
        _say(report, event, "compensation-handler-missing", message, hint)
    elif handler.parent != event.parent:
        message, hint = f"补偿活动 “{handler.id}” 不在同一层。", "请把它放到补偿事件所在的流程或子流程里。"
        _say(report, event, "compensation-scope", message, hint)
    if event.outgoing:
        message, hint = "补偿边界事件不能有出去的顺序流。", "请改用关联线连到补偿活动。"
        _say(report, event, "compensation-outgoing", message, hint)
    others = [one for one in shape.boundaries(event.attached_to or "") if _is(one, "compensation")]
    own = host is not None and _own_start(shape, host.id) is not None
    if others[0] is not event or own:
        message, hint = "同一个活动有不止一处补偿。", "请只留一个补偿边界事件，或只留里面的补偿事件子流程。"
        _say(report, event, "compensation-twice", message, hint)


def _start(shape: Shape, event: Element, report: Report) -> None:
    box = shape.process.elements[event.parent or ""]
    if box.parent is None:
        message = "流程一级的补偿事件子流程不会发生：被调用流程结束后不再保留。"
        hint = "请把要撤销的步骤和它一起放进子流程，或在调用活动上画补偿边界事件。"
        _say(report, event, "unsupported-compensation", message, hint)


def _throw(shape: Shape, event: Element, report: Report) -> None:
    """What it names must be seen from it; a warning where it will never find anything to undo."""
    wanted = event.event.activity_ref if event.event is not None else None
    seen = [element for scope in _seen_from(shape, event) for element in shape.inside(scope)]
    target = shape.process.elements.get(wanted or "")
    if wanted is not None and (target is None or target not in seen):
        message = f"补偿事件指向的 “{wanted}” 不是这一层的活动。"
        hint = "只能撤销同一流程或子流程里的活动；在事件子流程里还可以撤销外面一层的。"
        _say(report, event, "compensation-target", message, hint)
    elif not any(_undoable(shape, element) for element in ([target] if target is not None else seen)):
        message, hint = "这里没有可以撤销的活动，补偿事件不起作用。", "请在要撤销的活动上画补偿边界事件。"
        report.add(event.line, event.id, "compensation-nothing", message, hint, severity="warning")


def _cancel(shape: Shape, event: Element, report: Report) -> None:
    elements = shape.process.elements
    if event.attached_to is not None:
        if not elements[event.attached_to].transaction:
            message, hint = "取消边界事件只能画在事务子流程上。", "请改用错误边界事件，或把子流程改成事务。"
            _say(report, event, "cancel-host", message, hint)
        return
    scope = event.parent
    while scope is not None and not elements[scope].transaction:
        scope = elements[scope].parent
    if scope is None:
        message, hint = "取消结束事件只能用在事务子流程里。", "请改用终止或错误结束事件。"
        _say(report, event, "cancel-outside", message, hint)
    elif not any(_is(one, "cancel") for one in shape.boundaries(scope)):
        message = f"事务子流程 “{scope}” 会被取消，却没有取消边界事件。"
        _say(
            report,
            event,
            "cancel-uncaught",
            message,
            "请在事务子流程上画一个取消边界事件，接上取消后的步骤。",
        )


def _seen_from(shape: Shape, event: Element) -> list[str | None]:
    """The scope of a throwing event, and from an event subprocess the one around."""
    scopes = [event.parent]
    while (last := scopes[-1]) is not None and shape.process.elements[last].triggered_by_event:
        scopes.append(shape.process.elements[last].parent)
    return scopes


def _undoable(shape: Shape, element: Element) -> bool:
    if any(_is(one, "compensation") for one in shape.boundaries(element.id)):
        return True
    inside = shape.inside(element.id)
    return _own_start(shape, element.id) is not None or any(_undoable(shape, one) for one in inside)


def _own_start(shape: Shape, scope: str) -> Element | None:
    boxes = [e for e in shape.inside(scope) if e.triggered_by_event]
    starts = (e for box in boxes for e in shape.inside(box.id))
    return next((e for e in starts if e.kind == "startEvent" and _is(e, "compensation")), None)


def _is(event: Element, kind: str) -> bool:
    return event.event is not None and event.event.kind == kind
