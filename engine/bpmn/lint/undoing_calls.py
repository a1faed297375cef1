"""Calls that an event for compensation would have to undo, and cannot: of a called process only its result is
kept, so what was done in it is undone by what is drawn on the call, or not at all."""

from collections.abc import Collection, Iterable, Iterator

from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape

RULE = "unsupported-compensation"


def holds_compensation(process: ProcessModel) -> bool:
    """Whether something is drawn in the process that undoes its steps."""
    return any(element.for_compensation for element in process.elements.values())


def check_undoing_of_calls(models: Iterable[tuple[Model, Report]], others: Collection[str] = ()) -> None:
    """Every call that is undone with its scope says by what, where the called process has something to undo.

    `others` are the processes beside the files that have.
    """
    known = list(models)
    own = {process.id: process for model, _ in known for process in model.processes.values()}
    undoable = {key for key, process in own.items() if holds_compensation(process)}
    undoable |= set(others) - own.keys()
    for model, report in known:
        for process in model.processes.values():
            calls = {call.id: call for call in _undone_calls(Shape(process))}
            for call in calls.values():
                if call.called_process in undoable:
                    _say(call, report)


def _say(call: Element, report: Report) -> None:
    report.add(
        call.line,
        call.id,
        RULE,
        f"补偿事件会轮到调用活动 “{call.name or call.id}”，它没有补偿边界事件："
        f"被调用流程 “{call.called_process}” 里做过的不会撤销。",
        "请在调用活动上画补偿边界事件，连到撤销它的活动；或把要撤销的步骤画进子流程。",
    )


def _undone_calls(shape: Shape) -> Iterator[Element]:
    """Calls without anything drawn to undo them, in what some event undoes."""
    for event in shape.process.elements.values():
        kind = event.event.kind if event.event is not None else None
        if kind == "compensation" and event.attached_to is None and event.kind != "startEvent":
            wanted = event.event.activity_ref if event.event is not None else None
            found = [one for scope in _scopes(shape, event) for one in shape.inside(scope)]
            yield from _calls(shape, [one for one in found if wanted in (None, one.id)])
        elif kind == "cancel" and event.attached_to is None:
            yield from _calls(shape, shape.inside(_transaction(shape, event)))


def _calls(shape: Shape, elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        drawn = [one.event.kind for one in shape.boundaries(element.id) if one.event is not None]
        if "compensation" in drawn or element.for_compensation:
            continue
        if element.kind == "callActivity":
            yield element
        inside = shape.inside(element.id)
        if not any(one.triggered_by_event and _undoes(shape, one) for one in inside):
            yield from _calls(shape, inside)


def _undoes(shape: Shape, box: Element) -> bool:
    starts = (one for one in shape.inside(box.id) if one.kind == "startEvent" and one.event is not None)
    return any(one.event is not None and one.event.kind == "compensation" for one in starts)


def _scopes(shape: Shape, event: Element) -> list[str | None]:
    """The scope of a throwing event, and from an event subprocess the one around."""
    scopes = [event.parent]
    while (last := scopes[-1]) is not None and shape.process.elements[last].triggered_by_event:
        scopes.append(shape.process.elements[last].parent)
    return scopes


def _transaction(shape: Shape, end: Element) -> str | None:
    scope = end.parent
    while scope is not None and not shape.process.elements[scope].transaction:
        scope = shape.process.elements[scope].parent
    return scope
