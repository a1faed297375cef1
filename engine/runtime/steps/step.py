"""A step: one instance, locked and in memory, inside one transaction. `finishing.finish` ends it.

Order: lock and version check → rights → form check → history → tokens → variables → work items →
timers, subscriptions, jobs → audit → commit. The transaction is the caller's; whatever goes wrong,
the caller rolls back and the execution in memory is thrown away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from engine.bpmn.execution import Execution, Services, Wait
from engine.clock import today
from engine.runtime.calls.callers import catches_error
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.functions import Begun, functions_for
from engine.runtime.setup import ENGINE, Actor, Setup
from engine.runtime.steps.rows import (
    InstanceRow,
    Mark,
    Texts,
    Variables,
    changed_texts,
    lock_instance,
    read_variables,
)
from engine.store import Row
from engine.work.bindings import StepContext

if TYPE_CHECKING:
    from engine.runtime.steps.reseating import Seated

RUNNING = "running"
SUSPENDED = "suspended"
NOTHING: Mapping[str, Exception] = MappingProxyType({})


class NotRunning(Exception):
    """The instance has ended or is suspended; nothing moves in it."""

    def __init__(self, status: str) -> None:
        words = {
            "completed": "已办结",
            "terminated": "已终止",
            "voided": "已作废",
            "withdrawn": "已撤销",
            "suspended": "已挂起",
        }
        super().__init__(f"流程{words.get(status, status)}，不能再办理")
        self.status = status


@dataclass(frozen=True)
class Returned:
    """A step that was sent back: where from, why, and whether it goes straight back there (退回后直达)."""

    target: str
    from_element: str
    reason_id: str | None
    straight_back: bool


@dataclass
class Step:
    """One instance in one transaction, from lock to save.

    `apart` are rows of who must not act on what it opens; `decided` the wait that a vote has just ended.

    `sender` names the person whose act led to a step that the engine does: it travels with the jobs.

    `hold` are tokens that failed when the step was tried before, each with what failed: they stay where they
    are (see `troubles`). `held_before` are those held when it began, `mending` is what the office does.
    """

    setup: Setup
    connection: Connection
    row: InstanceRow
    version: ProcessVersion
    execution: Execution
    actor: Actor
    at: datetime
    functions: Mapping[str, Callable[..., Any]]
    before: dict[str, Wait]
    sender: str = ""
    hold: Mapping[str, Exception] = field(default_factory=dict)
    held_before: frozenset[str] = frozenset()
    mending: str = ""
    because: Row | None = None
    """Which act of a person ends the instance: verb, name and reason, for what ends with it."""
    returned: Returned | None = None
    handed_in: Returned | None = None
    """How the task that a person hands in had been sent back to them."""
    marks_before: dict[str, Mark | None] = field(default_factory=dict)
    """What waited, before this step, for tasks that open later (`marks`)."""
    seated: "Seated | None" = None
    """The seats of the step on which a person acts, as they were before: kept if that ends it."""
    seats_back: "Seated | None" = None
    """The seats that are put back (撤回)."""
    opened: list[Row] = field(default_factory=list)
    apart: list[Row] = field(default_factory=list)
    decided: str | None = None
    alone: tuple[str, str] | None = None
    """A wait that had one open item when the step began, and that item."""
    events: list[Row] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """The digests of words and forms that this step has written, by their ids (`engine.audit.covering`)."""
    told: str | None = None
    """What it was told, once an entry of the chain holds it."""
    new: bool = False
    """The instance begins with this step: its row is not written yet."""
    _texts: tuple[Execution, int, Texts] | None = None
    later: list[Callable[[], None]] | None = None
    """Takes the last look at what was written, for whoever makes many and waits for all answers at once."""

    @cached_property
    def today(self) -> date:
        """The civil date of the step."""
        return today(self.setup.clock, self.setup.zone)

    def texts(self) -> Texts:
        """What to store of its variables; worked out once, as long as none is set."""
        now = self.execution.variable_changes
        if self._texts is None or self._texts[0] is not self.execution or self._texts[1] != now:
            self._texts = (self.execution, now, changed_texts(self.execution))
        return self._texts[2]

    @property
    def sent_by(self) -> str:
        """Who is behind what this step opens; "" when nobody is (the clock)."""
        return self.actor.name if self.actor.person_id else self.sender

    def context(self, element_id: str, *, token: str | None, unit_id: str | None = None) -> StepContext:
        """What a record binding or service is given."""
        properties = self.version.element(element_id).properties
        return StepContext(
            connection=self.connection,
            at=self.at,
            today=self.today,
            cycle_id=self.row.cycle_id,
            instance_id=self.row.id,
            element_id=element_id,
            round=self.row.visits.round_of(element_id),
            variables=self.execution.variables_of(token),
            functions=self.functions,
            properties=properties,
            decide=self.execution.services.decide,
            person_id=self.actor.person_id,
            unit_id=unit_id or self.row.subject_unit_id,
            on_behalf=properties.get("bihuan:registers"),
        )


def open_step(setup: Setup, connection: Connection, instance_id: str, *, actor: Actor = ENGINE) -> Step:
    """Lock an instance and load it. Raises `UnknownInstance`, `NotRunning`."""
    return load_step(setup, connection, lock_instance(connection, instance_id), actor=actor)


def load_step(
    setup: Setup,
    connection: Connection,
    row: InstanceRow,
    *,
    actor: Actor = ENGINE,
    hold: Mapping[str, Exception] = NOTHING,
    variables: Variables | None = None,
) -> Step:
    """A step on a row that was read and locked before. Raises `NotRunning`."""
    if row.status != RUNNING:
        raise NotRunning(row.status)
    return look_at(setup, connection, row, actor=actor, hold=hold, variables=variables)


def look_at(
    setup: Setup,
    connection: Connection,
    row: InstanceRow,
    *,
    actor: Actor = ENGINE,
    hold: Mapping[str, Exception] = NOTHING,
    variables: Variables | None = None,
) -> Step:
    """An instance in memory for looking, whatever its status; never to be finished."""
    version = setup.definitions.process(connection, row.definition_version_id)
    variables = read_variables(connection, row.id) if variables is None else variables
    assessor_id = _assessor_of(variables.get(("", "assessor")))
    begun = Begun(row.started_by, row.root_id, row.id, row.visits.names_of)
    functions = functions_for(setup, connection, assessor_id, cycle_id=row.cycle_id, begun=begun)
    execution = Execution.load(
        version.process,
        row.state,
        variables=variables,
        services=services_for(setup, connection, version, functions, fan_out_id=row.fan_out_id),
        hold=hold,
    )
    return Step(
        setup=setup,
        connection=connection,
        row=row,
        version=version,
        execution=execution,
        actor=actor,
        at=setup.clock.now(),
        functions=functions,
        before=dict(execution.waits()),
        hold=hold,
        held_before=frozenset(execution.held),
    )


def services_for(
    setup: Setup,
    connection: Connection,
    version: ProcessVersion,
    functions: Mapping[str, Callable[..., Any]],
    *,
    fan_out_id: str | None = None,
) -> Services:
    """What an execution may ask of the outside: time, functions, the decisions it is bound to, its caller."""

    def decide(decision_id: str, context: Mapping[str, Any]) -> Any:
        decisions = setup.definitions.decisions(connection, version.version.id, decision_id)
        return decisions.decide(decision_id, dict(context), functions=functions).value

    return Services(
        now=setup.clock.now,
        functions=functions,
        decide=decide,
        zone=setup.zone,
        caught_outside=partial(catches_error, setup, connection, fan_out_id),
    )


def _assessor_of(value: Any) -> str | None:
    return value.get("id") if isinstance(value, dict) else None
