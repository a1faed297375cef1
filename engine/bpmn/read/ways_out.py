"""Rounds that are never left, by the flows alone; and what may stop a round from outside.

A subprocess that goes round for ever is no fault where something around it stops it: an interrupting
boundary event, an interrupting event subprocess, an end that terminates.
"""

from engine.bpmn.findings import Severity
from engine.bpmn.model import EventDefinition, Model, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape
from engine.bpmn.read.structure import reachable

STOPPING = ("terminate", "error", "cancel")
"""Ends that take whatever else runs in their scope with them."""


def check_ways_out(model: Model, report: Report) -> None:
    """Reports each element from which no flow leads to an end, where nothing else ends its scope."""
    severity: Severity = "error" if report.level == "dialect" else "warning"
    for process in model.processes.values():
        reached, exits = reachable(Shape(process)), _with_a_way_out(process)
        stopped: dict[str | None, bool] = {}
        for element in process.elements.values():
            if element.id in exits or element.id not in reached or element.for_compensation:
                continue
            scope = element.parent
            if scope not in stopped:
                stopped[scope] = _terminates(process, scope) or stopped_from_outside(process, scope)
            if not stopped[scope]:
                message, hint = "从这里走不到任何结束。", "请给回路留一个出口，最后接到结束事件。"
                report.add(element.line, element.id, "no-way-out", message, hint, severity=severity)


def stopped_from_outside(process: ProcessModel, scope: str | None) -> bool:
    """Whether something may end the scope (None: the process) that is no step of its own."""
    inside = scope
    while True:
        if _interrupted(process, inside, but=scope) or (inside != scope and _terminates(process, inside)):
            return True
        if inside is None:
            return False
        borders = [e.event for e in process.elements.values() if e.attached_to == inside]
        if any(_cancels(event) for event in borders):
            return True
        inside = process.elements[inside].parent


def _with_a_way_out(process: ProcessModel) -> set[str]:
    """Ids from which an element without outgoing flows can be reached within the scope."""
    before: dict[str, list[str]] = {}
    for flow in process.flows.values():
        before.setdefault(flow.target, []).append(flow.source)
    waiting = [e.id for e in process.elements.values() if not e.outgoing]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += before.get(name, [])
        host = process.elements[name].attached_to
        if host is not None:
            waiting.append(host)
    return found


def _interrupted(process: ProcessModel, scope: str | None, *, but: str | None) -> bool:
    """Is there an event subprocess in the scope that stops it? One does not stop itself."""
    boxes = {one.id for one in process.children(scope) if one.triggered_by_event} - {but}
    starts = [e for e in process.elements.values() if e.kind == "startEvent" and e.parent in boxes]
    return any(_cancels(start.event) for start in starts)


def _terminates(process: ProcessModel, scope: str | None) -> bool:
    ends = [e.event for e in process.children(scope) if e.kind == "endEvent" and e.event is not None]
    return any(event.kind in STOPPING for event in ends)


def _cancels(event: EventDefinition | None) -> bool:
    return event is None or event.cancel_activity
