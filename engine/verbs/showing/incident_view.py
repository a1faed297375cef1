"""What the page of an incident shows: what failed, with which data, and what each act would do beforehand.

Nothing here changes anything: the moves are planned on the instance in memory, which is thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.execution import Preview
from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.model import Element
from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.incidents import mending, register
from engine.runtime.incidents.typed import kind_of, text_of
from engine.runtime.outbox import SEND
from engine.runtime.steps.rows import read_instance
from engine.runtime.steps.step import RUNNING, Step, look_at
from engine.store import Row
from engine.verbs.showing.withheld import withheld_from
from engine.verbs.tokens.mending import LOCKED, require_office, seen, version_of


@dataclass(frozen=True)
class Variable:
    """One variable that the stopped step sees; `kind` is one of `engine.runtime.incidents.typed.NAMES`."""

    name: str
    kind: str
    text: str
    locked: bool


@dataclass(frozen=True)
class Way:
    """A flow that may be taken when a gateway is skipped; `target` is what it leads to."""

    flow: str
    name: str
    condition: str
    target: str


@dataclass(frozen=True)
class Holder:
    """Whose open work would be closed, at which element."""

    element_id: str
    name: str


@dataclass(frozen=True)
class Place:
    """Where the token may be moved: `begins_at` is the fork when a whole block is begun anew."""

    element_id: str
    forward: bool
    begins_at: str
    closes: tuple[Holder, ...]
    stops: tuple[str, ...]
    """Elements that wait for something else than people, and would wait no more."""


@dataclass(frozen=True)
class IncidentView:
    """One open incident. `version` goes back with each act; without `readable` only a retry is possible."""

    incident: Row
    version: int
    readable: bool
    token: str | None = None
    element: Element | None = None
    variables: tuple[Variable, ...] = ()
    ways: tuple[Way, ...] = ()
    outputs: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    drops: bool = False
    """Skipping only forgets the job that stopped; no token moves."""
    running: bool = True
    withheld: int = 0
    """How many variables the reader must not see."""
    same: tuple[Row, ...] = field(default=())


def view_incident(engine: Engine, person: Person, incident_id: str) -> IncidentView:
    """An open incident for who mends it. Raises `NotVisible`, `NotAllowed`."""
    with engine.database.read() as connection:
        incident = seen(connection, person, incident_id)
        require_office(person, incident)
        same = tuple(register.same_cause(connection, incident_id))
        bare = IncidentView(incident, version_of(incident), readable=False, same=same, drops=True)
        if incident["instance_id"] is None:
            return bare
        try:
            step = look_at(engine.setup, connection, read_instance(connection, incident["instance_id"]))
        except ExecutionFailed:
            return bare
        return _readable(engine, connection, person, step, incident, same)


def _readable(
    engine: Engine,
    connection: Connection,
    person: Person,
    step: Step,
    incident: Row,
    same: tuple[Row, ...],
) -> IncidentView:
    token = mending.token_of(step, incident)
    values = step.execution.variables_of(token)
    withheld = withheld_from(engine.setup, connection, person, step) & values.keys()
    return IncidentView(
        incident,
        version_of(incident),
        readable=True,
        token=token,
        element=step.version.drawn.elements.get(incident["element_id"]),
        variables=variables({name: value for name, value in values.items() if name not in withheld}),
        withheld=len(withheld),
        ways=_ways(step, token),
        outputs=_outputs(step, incident),
        places=_places(connection, step, token),
        drops=incident["kind"] in mending.DROPPED or token is None,
        running=step.row.status == RUNNING or incident["kind"] == SEND,
        same=same,
    )


def variables(values: Mapping[str, Any]) -> tuple[Variable, ...]:
    """Variables by name, each as a person reads it."""
    return tuple(
        Variable(name, kind_of(value), text_of(value), locked=name in LOCKED)
        for name, value in sorted(values.items())
    )


def _ways(step: Step, token: str | None) -> tuple[Way, ...]:
    if token is None:
        return ()
    drawn = step.version.drawn
    flows = (drawn.flows[flow] for flow in step.execution.ways(token))
    return tuple(
        Way(flow.id, flow.name, flow.condition or "", drawn.elements[flow.target].name or flow.target)
        for flow in flows
    )


def _outputs(step: Step, incident: Row) -> tuple[str, ...]:
    """The variables that the element would give, as far as the diagram says."""
    element = step.version.drawn.elements.get(incident["element_id"])
    if element is None:
        return ()
    if element.outputs:
        return tuple(dict.fromkeys(mapping.target.partition(".")[0] for mapping in element.outputs))
    if element.loop is not None and element.loop.output_collection:
        return (element.loop.output_collection,)
    if element.result_variable:
        return (element.result_variable,)
    return ("outcome",) if element.kind == "userTask" else ()


def _places(connection: Connection, step: Step, token: str | None) -> tuple[Place, ...]:
    if token is None:
        return ()
    rows = register.QUERIES.rows(connection, "holders", instance_id=step.row.id)
    visited = step.row.visits.elements
    drawn = step.version.drawn
    return tuple(
        _place(preview, drawn.elements, rows, forward=preview.target not in visited)
        for preview in step.execution.jumpable(token)
    )


def _place(preview: Preview, elements: Mapping[str, Element], rows: list[Row], *, forward: bool) -> Place:
    people = {wait.key for wait in preview.cancelled if wait.kind == "user"}
    others = [wait.element for wait in preview.cancelled if wait.kind != "user"]
    begins = elements[preview.place].name or preview.place
    return Place(
        element_id=preview.target,
        forward=forward,
        begins_at=begins if preview.place != preview.target else "",
        closes=tuple(Holder(row["element_id"], _holder(row)) for row in rows if row["wait_key"] in people),
        stops=tuple(dict.fromkeys(others)),
    )


def _holder(row: Row) -> str:
    return row["assignee_name"] or " · ".join(filter(None, (row["unit_name"], row["post_name"])))
