"""Level dialect: errors that nobody catches, and catches for errors that nobody throws (warnings)."""

from engine.bpmn.model import Element, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape


def check_errors(process: ProcessModel, report: Report) -> None:
    """Error ends inside subprocesses meet a boundary event; error boundaries meet a source."""
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
        elif element.kind == "boundaryEvent" and not _thrown(shape, element):
            report.add(
                element.line,
                element.id,
                "error-never-thrown",
                f"里面没有谁会抛出错误 “{element.event.code or '任意'}”。",
                "请检查错误代码，或删去这个边界事件。",
                severity="warning",
            )


def _caught(shape: Shape, end: Element) -> bool:
    scope = end.parent
    while scope is not None:
        for boundary in shape.boundaries(scope):
            if _same_error(boundary, end):
                return True
        scope = shape.process.elements[scope].parent
    return False


def _same_error(catch: Element, throw: Element) -> bool:
    caught, thrown = catch.event, throw.event
    if caught is None or thrown is None or caught.kind != "error":
        return False
    return caught.code is None or caught.code == thrown.code


def _thrown(shape: Shape, boundary: Element) -> bool:
    """Handlers and called processes may throw anything; only a subprocess of other steps is judged."""
    host = shape.process.elements[boundary.attached_to or ""]
    if host.kind != "subProcess":
        return host.kind == "callActivity" or host.task_type is not None
    return any(
        element.task_type is not None
        or element.kind == "callActivity"
        or (element.kind == "endEvent" and _same_error(boundary, element))
        for element in _inside(shape, host.id)
    )


def _inside(shape: Shape, scope: str) -> list[Element]:
    found: list[Element] = []
    for element in shape.inside(scope):
        found.append(element)
        found += _inside(shape, element.id)
    return found
