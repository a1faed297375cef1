"""Level dialect: errors that nobody catches, and catches for errors that nobody throws (warnings)."""

from engine.bpmn.model import Element, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape


def check_errors(process: ProcessModel, report: Report) -> None:
    """Error ends inside subprocesses meet an event that catches them; those that catch meet a source."""
    shape = Shape(process)
    for element in process.elements.values():
        if element.event is None or element.event.kind != "error":
            continue
        if element.kind == "endEvent" and not _caught(shape, element):
            report.add(
                element.line,
                element.id,
                "error-uncaught",
                f"错误 “{element.event.code}” 在本流程里没有边界事件接住，会成为故障。",
                "请在外层子流程上加错误边界事件；由调用方接住时可以不理会。",
                severity="warning",
            )
        elif element.kind in ("boundaryEvent", "startEvent") and not _thrown(shape, element):
            report.add(
                element.line,
                element.id,
                "error-never-thrown",
                f"里面没有谁会抛出错误 “{element.event.code or '任意'}”。",
                "请检查错误代码，或删去这个事件。",
                severity="warning",
            )


def _caught(shape: Shape, end: Element) -> bool:
    scope, beside = end.parent, True
    while True:
        catching = shape.boundaries(scope) if scope is not None else []
        if beside:
            catching = [*catching, *_event_starts(shape, scope)]
        if any(_same_error(one, end) for one in catching):
            return True
        if scope is None:
            return False
        beside = not shape.process.elements[scope].triggered_by_event
        scope = shape.process.elements[scope].parent


def _event_starts(shape: Shape, scope: str | None) -> list[Element]:
    """The start events of the event subprocesses in a scope."""
    boxes = [e for e in shape.inside(scope) if e.triggered_by_event]
    return [e for box in boxes for e in shape.inside(box.id) if e.kind == "startEvent"]


def _same_error(catch: Element, throw: Element) -> bool:
    caught, thrown = catch.event, throw.event
    if caught is None or thrown is None or caught.kind != "error":
        return False
    return caught.code is None or caught.code == thrown.code


def _thrown(shape: Shape, catch: Element) -> bool:
    """Handlers and called processes may throw anything; only a subprocess of other steps is judged."""
    elements = shape.process.elements
    if catch.attached_to is None:
        own = elements[catch.parent or ""]
        sources = [e for e in _inside(shape, own.parent) if e is not own and not _within(shape, e, own.id)]
        return any(_may_throw(element, catch) for element in sources)
    host = elements[catch.attached_to]
    if host.kind != "subProcess":
        return host.kind == "callActivity" or host.task_type is not None
    return any(_may_throw(element, catch) for element in _inside(shape, host.id))


def _may_throw(element: Element, catch: Element) -> bool:
    return (
        element.task_type is not None
        or element.kind == "callActivity"
        or (element.kind == "endEvent" and _same_error(catch, element))
    )


def _within(shape: Shape, element: Element, scope: str) -> bool:
    """Does the element lie inside the subprocess, however deep?"""
    outer = element.parent
    while outer is not None and outer != scope:
        outer = shape.process.elements[outer].parent
    return outer == scope


def _inside(shape: Shape, scope: str | None) -> list[Element]:
    found: list[Element] = []
    for element in shape.inside(scope):
        found.append(element)
        found += _inside(shape, element.id)
    return found
