"""Any block-structured process, any moment: carried to another version, it waits for the same and goes on."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn.compile import Process, compile_process
from engine.bpmn.execution import Execution, Services, Wait
from engine.bpmn.migration.carrying import carry
from engine.bpmn.migration.obstacles import obstacles
from engine.bpmn.migration.passage import Passage
from engine.bpmn.model import Element, Flow

from .drawing import Desk, node
from .test_execution_property import Match


def renamed(process: Process, *, extra: bool) -> tuple[Process, dict[str, str]]:
    """Every element and flow under another id, and perhaps a step more at the beginning."""
    old = process.model
    ids = {name: f"{name}_new" for name in old.elements}

    def flow(one: Flow) -> Flow:
        return replace(one, id=f"{one.id}_new", source=ids[one.source], target=ids[one.target])

    def element(one: Element) -> Element:
        return replace(
            one,
            id=ids[one.id],
            parent=ids.get(one.parent or ""),
            attached_to=ids.get(one.attached_to or ""),
            incoming=tuple(f"{name}_new" for name in one.incoming),
            outgoing=tuple(f"{name}_new" for name in one.outgoing),
            default=f"{one.default}_new" if one.default else None,
        )

    elements = {ids[one.id]: element(one) for one in old.elements.values()}
    flows = {f"{one.id}_new": flow(one) for one in old.flows.values()}
    if extra:
        first = flows[elements["s_new"].outgoing[0]]
        elements["extra"] = replace(node("extra", "user"), incoming=(first.id,), outgoing=("more",))
        flows["more"] = Flow("more", "", 1, "extra", first.target)
        flows[first.id] = replace(first, target="extra")
        after = elements[first.target]
        into = tuple("more" if name == first.id else name for name in after.incoming)
        elements[after.id] = replace(after, incoming=into)
    drawn = replace(old, elements=elements, flows=flows, start_events=("s_new",))
    source = replace(process.source, processes={drawn.id: drawn})
    return compile_process(source, drawn.id), ids


def carried(x: Execution, passage: Passage, services: Services) -> Execution:
    assert obstacles(x, passage) == []
    moved = carry(x, passage, services=services)
    assert moved.remarks == []
    return moved.execution


def seen(x: Execution, ids: dict[str, str]) -> dict[str, Any]:
    """All that the outside can see of an instance, under the old names."""

    def plain(wait: Wait) -> Wait:
        return replace(wait, element=ids.get(wait.element, wait.element))

    waits = {key: plain(wait) for key, wait in x.waits().items()}
    names = {wait.token: x.variables_of(wait.token) for wait in waits.values()}
    active = [ids.get(name, name) for name in x.active()]
    return {"waits": waits, "variables": names, "root": x.results(), "active": active, "ended": x.ended}


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_an_instance_carried_to_another_version_waits_for_the_same_and_back_is_as_before(
    data: st.DataObject,
) -> None:
    match = Match(data)
    for _ in range(data.draw(st.integers(0, 8), label="steps")):
        if match.game.state is not None:
            match.step(moving=False)
    desk = match.desks[0]
    process = desk.process
    itself = carried(desk.x, Passage(process, process), desk.services)
    assert itself.dump() == desk.x.dump() and seen(itself, {}) == seen(desk.x, {})
    assert itself.changed_variables() == {}

    newer, ids = renamed(process, extra=data.draw(st.booleans(), label="extra"))
    back = {new: old for old, new in ids.items()}
    moved = carried(desk.x, Passage(process, newer, ids), desk.services)
    assert seen(moved, back) == seen(desk.x, {})
    again = carried(moved, Passage(newer, process, back), desk.services)
    assert again.dump() == desk.x.dump()

    match.desks[1] = Moved(desk, newer, back, moved)
    match.check = lambda: agree(match)  # type: ignore[method-assign]
    match.to_the_end()


class Moved(Desk):
    """A desk that goes on with an instance in its new version."""

    def __init__(self, desk: Desk, process: Process, names: dict[str, str], x: Execution) -> None:
        self.process, self.names, self.x = process, names, x
        self.clock, self.services, self.reload, self.stored = desk.clock, desk.services, False, {}
        self.path = []


def agree(match: Match) -> None:
    old, new = match.desks
    assert isinstance(new, Moved)
    assert seen(new.x, new.names) == seen(old.x, {})
