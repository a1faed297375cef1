"""Starting an instance: by hand, by a message, or as a child of a call activity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.execution import Execution
from engine.bpmn.failures import ExecutionFailed, blamed
from engine.ids import new_id
from engine.people.nearby import Nearby, Question, ask_here
from engine.people.together import handful, unit_name
from engine.runtime.definitions.versions import ProcessVersion, Version
from engine.runtime.functions import Begun, functions_for
from engine.runtime.setup import ENGINE, Actor, Setup
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.matters import MATTER, matter_of
from engine.runtime.steps.rows import QUERIES, InstanceRow, Visits
from engine.runtime.steps.step import RUNNING, Step, services_for
from engine.runtime.steps.troubles import StartFailed, apart, holding_what_fails


@dataclass(frozen=True)
class Parent:
    """Where a child instance belongs. `first`: no other call has made instances of its process before."""

    instance_id: str
    root_id: str
    fan_out_id: str
    index: int
    first: bool = False


@dataclass(frozen=True)
class NewInstance:
    """What to start. `variables` must hold `cycle` and `assessor` (`Cycle.variables()`)."""

    version: ProcessVersion
    cycle_id: str
    year: int | None
    variables: Mapping[str, Any]
    business_key: str | None = None
    business_key_text: str | None = None
    """FEEL that gives the business key from the instance's own variables."""
    start_element: str | None = None
    parent: Parent | None = None
    actor: Actor = field(default=ENGINE)
    sender: str = ""
    """The person whose act led to it, when the engine itself starts it."""
    later: list[Callable[[], None]] | None = None
    """Where what is only looked at after all others have begun is put (`finishing.finish`)."""
    hold: Mapping[str, Exception] = field(default_factory=dict)
    """Tokens that failed when it was tried before (`troubles`)."""
    newest: Callable[[], Version] | None = None
    """Says whether `version` is the newest still; asked when nothing has been written yet."""


class Outdated(Exception):
    """The version that was to be started is not the newest any more; nothing has been written yet."""

    def __init__(self, newest: Version) -> None:
        super().__init__(f"{newest.key} 已有第 {newest.number} 版")
        self.newest = newest


class AlreadyStarted(Exception):
    """Nothing starts twice: there is an instance for this cycle, process and business key."""

    def __init__(self, process: str, business_key: str, *, instance_id: str) -> None:
        super().__init__(f"流程“{process}”（{business_key}） 在本年度已经启动过")
        self.instance_id = instance_id


def start(setup: Setup, connection: Connection, new: NewInstance) -> Step:
    """Start an instance in this transaction and run it until everything waits.

    Raises `AlreadyStarted`; `Outdated`, with nothing done; whatever the diagram's own expressions raise.
    """
    version = new.version
    begun = Begun(new.actor.person_id, new.parent.root_id if new.parent else None)
    functions = functions_for(setup, connection, _assessor_id(new), cycle_id=new.cycle_id, begun=begun)
    services = services_for(
        setup, connection, version, functions, fan_out_id=new.parent.fan_out_id if new.parent else None
    )
    try:
        execution = Execution.start(
            version.process,
            variables=dict(new.variables),
            services=services,
            start_element=new.start_element,
            hold=new.hold,
        )
        row, near = _row(setup, connection, new, execution)
    except ExecutionFailed:
        _check_newest(new)  # which failed in vain where a newer one is there
        raise
    _check_newest(new)
    if row.business_key is not None and (first := _first(connection, row)):
        raise AlreadyStarted(version.version.name or row.process_key, row.business_key, instance_id=first)
    if new.parent is not None and not new.parent.first and row.subject_unit_id is not None:
        row.visits.earlier.update(_earlier_rounds(connection, row))
    step = Step(
        setup=setup,
        connection=connection,
        row=row,
        version=version,
        execution=execution,
        actor=new.actor,
        at=row.started_at,
        functions=functions,
        before={},
        sender=new.sender,
        hold=new.hold,
        new=True,
        later=new.later,
    )
    with Nearby(connection, near, unit_id=row.subject_unit_id, cycle_id=row.cycle_id):
        finish(step, act="start")
    return step


def _check_newest(new: NewInstance) -> None:
    """Raises `Outdated` when a newer version is there."""
    newest = new.newest() if new.newest else new.version.version
    if newest.id != new.version.version.id:
        raise Outdated(newest)


def start_within(setup: Setup, connection: Connection, new: NewInstance, *, careful: bool) -> Step:
    """`start` for the engine's own work, in a transaction that starts others too.

    Raises `StartFailed` when the diagram fails; done again with `careful`, what fails is held inside the new
    instance, and those beside it begin as well.
    """
    if careful:
        alone = replace(new, later=None)
        return holding_what_fails(lambda hold: _start_apart(setup, connection, replace(alone, hold=hold)))
    try:
        return start(setup, connection, new)
    except Exception as failure:
        if blamed(failure) is None:
            raise
        raise StartFailed(str(failure)) from failure


def _start_apart(setup: Setup, connection: Connection, new: NewInstance) -> Step:
    with apart(connection):
        return start(setup, connection, new)


def _row(
    setup: Setup, connection: Connection, new: NewInstance, execution: Execution
) -> tuple[InstanceRow, Question | None]:
    """The new instance's row, and what was asked about its unit together with the unit's name."""
    drawn, instance_id = new.version.drawn, new_id()
    subject_id = _evaluated(execution, drawn.properties.get("bihuan:subject"))
    near = None
    if subject_id and handful(connection, subject_id) is None:
        near = ask_here(connection, subject_id, cycle_id=new.cycle_id, clock=setup.clock, zone=setup.zone)
    key_text = new.business_key_text or drawn.properties.get("bihuan:businessKey")
    business_key = new.business_key or _evaluated(execution, key_text)
    row = InstanceRow(
        id=instance_id,
        cycle_id=new.cycle_id,
        year=new.year,
        definition_version_id=new.version.version.id,
        process_key=new.version.version.key,
        business_key=business_key,
        assessor_id=_assessor_id(new),
        root_id=new.parent.root_id if new.parent else instance_id,
        parent_id=new.parent.instance_id if new.parent else None,
        fan_out_id=new.parent.fan_out_id if new.parent else None,
        child_index=new.parent.index if new.parent else None,
        subject_unit_id=subject_id,
        subject_name=unit_name(connection, subject_id) if subject_id else "",
        matter=matter_of(_evaluated(execution, drawn.properties.get(MATTER))),
        status=RUNNING,
        state=b"",
        visits=Visits({}, {}),
        lock_version=1,
        audit_seq=0,
        audit_head="",
        started_by=new.actor.person_id,
        started_at=setup.clock.now(),
    )
    return row, near


def _assessor_id(new: NewInstance) -> str | None:
    assessor = new.variables.get("assessor")
    return assessor.get("id") if isinstance(assessor, dict) else None


def _evaluated(execution: Execution, text: str | None) -> str | None:
    if text is None:
        return None
    value = execution.evaluate(None, text)
    return None if value is None else str(value)


def _earlier_rounds(connection: Connection, row: InstanceRow) -> dict[str, int]:
    """The rounds that each step has behind it in earlier instances about the same unit (a plan refused)."""
    rows = QUERIES.rows(
        connection,
        "earlier_rounds",
        id=row.id,
        subject_unit_id=row.subject_unit_id,
        cycle_id=row.cycle_id,
        process_key=row.process_key,
        root_id=row.root_id,
        matter=row.matter,
        fan_out_id=row.fan_out_id,
    )
    return {found["element_id"]: int(found["round"]) for found in rows}


def _first(connection: Connection, row: InstanceRow) -> str | None:
    """The instance that this one would be started a second time."""
    found = QUERIES.row(
        connection,
        "same_business",
        cycle_id=row.cycle_id,
        process_key=row.process_key,
        business_key=row.business_key,
    )
    return str(found["id"]) if found is not None else None
