"""The stages of a year as the diagram of 年度总流程 has them: which there are, when, after what."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.model import Element, ProcessModel

ANNUAL = "annual_cycle"
PLANNED_END = "plannedEnd"
"""The input mapping by which the diagram says until when a stage should be over."""
_ACTIVITIES = frozenset({"callActivity", "userTask"})


@dataclass(frozen=True)
class DrawnStage:
    """One stage. `since` are the timers right before it, `conditions` those of the flows to it (FEEL).

    `after` are the ids of the activities right before it; `process` is what it calls (None: a task of its
    own), `many` says that it calls it several times.
    """

    id: str
    name: str
    name_en: str
    process: str | None
    many: bool
    until: str | None
    since: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass
class _Before:
    since: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def stages_of(drawn: ProcessModel) -> list[DrawnStage]:
    """The activities of the diagram, in its own order."""
    return [_stage(drawn, element) for element in drawn.children(None) if element.kind in _ACTIVITIES]


def called_by(drawn: ProcessModel) -> set[str]:
    """The processes that the year starts by itself."""
    return {element.called_process for element in drawn.elements.values() if element.called_process}


def _stage(drawn: ProcessModel, element: Element) -> DrawnStage:
    before = _Before()
    _walk_back(drawn, element, before, seen=set())
    return DrawnStage(
        id=element.id,
        name=element.name,
        name_en=element.properties.get("bihuan:name.en", ""),
        process=element.called_process,
        many=element.loop is not None,
        until=next((one.source for one in element.inputs if one.target == PLANNED_END), None),
        since=tuple(before.since),
        conditions=tuple(before.conditions),
        after=tuple(dict.fromkeys(before.after)),
    )


def _walk_back(drawn: ProcessModel, element: Element, before: _Before, *, seen: set[str]) -> None:
    for source, condition in _sources(drawn, element):
        if condition is not None:
            before.conditions.append(condition)
        if source.kind in _ACTIVITIES:
            before.after.append(source.id)
            continue
        if source.id in seen:
            continue
        seen.add(source.id)
        if source.event is not None and source.event.kind == "timer" and source.event.timer_value:
            before.since.append(source.event.timer_value)
        _walk_back(drawn, source, before, seen=seen)


def _sources(drawn: ProcessModel, element: Element) -> Iterator[tuple[Element, str | None]]:
    for flow_id in element.incoming:
        flow = drawn.flows[flow_id]
        yield drawn.elements[flow.source], flow.condition
