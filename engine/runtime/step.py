"""The step: the one place where tokens, items, history, timers, subscriptions and jobs are written.

Order: lock and version check → rights → form check → history → tokens → variables → work items →
timers, subscriptions, jobs → audit → commit. The transaction is the caller's; whatever goes wrong,
the caller rolls back and the execution in memory is thrown away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.audit import chain
from engine.bpmn.execution import Execution, Services, Wait
from engine.bpmn.failures import ExecutionFailed
from engine.clock import today
from engine.runtime import closing, opening
from engine.runtime.definitions import ProcessVersion
from engine.runtime.functions import functions_for
from engine.runtime.rows import InstanceRow, lock_instance, read_variables, save
from engine.runtime.setup import ENGINE, Actor, Setup
from engine.store import Row
from engine.work.bindings import StepContext
from engine.work.items import QUERIES as ITEM_QUERIES

RUNNING = "running"


class NotRunning(Exception):
    """The instance has ended or is suspended; nothing moves in it."""

    def __init__(self, status: str) -> None:
        words = {"completed": "已办结", "terminated": "已终止", "withdrawn": "已撤销", "suspended": "已挂起"}
        super().__init__(f"流程{words.get(status, status)}, 不能再办理")
        self.status = status


class Stuck(ExecutionFailed):
    """Nothing waits and nothing moves: the joins named here can never complete."""

    code = "stuck"

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"流程停在汇合处“{'”、“'.join(names)}”, 不会再有分支到达")


class InvariantBroken(AssertionError):
    """Waiting tokens and open items do not match: the step must not be stored."""


@dataclass
class Step:
    """One instance in one transaction, from lock to save."""

    setup: Setup
    connection: Connection
    row: InstanceRow
    version: ProcessVersion
    execution: Execution
    actor: Actor
    at: datetime
    functions: Mapping[str, Callable[..., Any]]
    before: dict[str, Wait]
    acted_wait: str | None = None
    returned: opening.Returned | None = None
    opened: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The civil date of the step."""
        return today(self.setup.clock, self.setup.zone)

    def context(self, element_id: str, *, token: str | None, unit_id: str | None = None) -> StepContext:
        """What a record binding or service is given."""
        return StepContext(
            connection=self.connection,
            at=self.at,
            today=self.today,
            cycle_id=self.row.cycle_id,
            instance_id=self.row.id,
            element_id=element_id,
            round=self.row.visits.elements.get(element_id, 1),
            variables=self.execution.variables_of(token),
            functions=self.functions,
            person_id=self.actor.person_id,
            unit_id=unit_id or self.row.subject_unit_id,
        )

    def finish(self, *, act: str, hold: bool = False) -> None:
        """Run until everything waits, bring rows in line with tokens, save, and add to the audit chain.

        With `hold` the tokens stay where they are: what was done is kept, and the rest runs later. Raises
        `Stuck`, and whatever the diagram's own expressions raise.
        """
        if not hold:
            self.execution.run()
            if self.execution.stuck:
                raise Stuck([self.version.element(one).name or one for one in self.execution.stuck])
        self.row.visits.follow(self.execution.path)
        after = self.execution.waits()
        closing.supersede_interrupted(self)
        closing.close_waits(self, {key: wait for key, wait in self.before.items() if key not in after})
        opening.open_waits(self, {key: wait for key, wait in after.items() if key not in self.before})
        if self.execution.ended:
            closing.end(self, status="completed")
        self._assert_items_match(after)
        self.audit(act)
        save(self.connection, self.row, self.execution)

    def _assert_items_match(self, waits: Mapping[str, Wait]) -> None:
        manual = {key for key, wait in waits.items() if wait.kind == "user"}
        rows = ITEM_QUERIES.rows(self.connection, "open_waits", instance_id=self.row.id)
        held = {row["wait_key"] for row in rows}
        if manual != held:
            raise InvariantBroken(f"{self.row.id}: tokens {sorted(manual)} but items {sorted(held)}")

    def audit(self, act: str) -> None:
        """Add what this step did to the instance's chain."""
        content = {
            "events": [event["id"] for event in self.events],
            "said": [
                [e["verb"], e["outcome"], e["person_id"], e["element_id"], e["round"]] for e in self.events
            ],
            "path": [list(place) for place in self.execution.path],
            "status": self.row.status,
        }
        head = chain.append(
            self.connection,
            chain.Head(self.row.audit_seq, self.row.audit_head),
            chain_id=self.row.id,
            cycle_id=self.row.cycle_id,
            at=self.at,
            actor=self.actor.person_id or "engine",
            act=act,
            content=content,
        )
        self.row.audit_seq, self.row.audit_head = head.seq, head.hash


def open_step(setup: Setup, connection: Connection, instance_id: str, *, actor: Actor = ENGINE) -> Step:
    """Lock an instance and load it. Raises `UnknownInstance`, `NotRunning`."""
    return load_step(setup, connection, lock_instance(connection, instance_id), actor=actor)


def load_step(setup: Setup, connection: Connection, row: InstanceRow, *, actor: Actor = ENGINE) -> Step:
    """A step on a row that was read and locked before. Raises `NotRunning`."""
    if row.status != RUNNING:
        raise NotRunning(row.status)
    return look_at(setup, connection, row, actor=actor)


def look_at(setup: Setup, connection: Connection, row: InstanceRow, *, actor: Actor = ENGINE) -> Step:
    """An instance in memory for looking, whatever its status; never to be finished."""
    version = setup.definitions.process(connection, row.definition_version_id)
    variables = read_variables(connection, row.id)
    assessor_id = _assessor_of(variables.get(("", "assessor")))
    functions = functions_for(setup, connection, assessor_id)
    execution = Execution.load(
        version.process,
        row.state,
        variables=variables,
        services=services_for(setup, connection, version, functions),
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
    )


def services_for(
    setup: Setup,
    connection: Connection,
    version: ProcessVersion,
    functions: Mapping[str, Callable[..., Any]],
) -> Services:
    """What an execution may ask of the outside: the time, functions, and the decisions it is bound to."""

    def decide(decision_id: str, context: Mapping[str, Any]) -> Any:
        decisions = setup.definitions.decisions(connection, version.version.id, decision_id)
        return decisions.decide(decision_id, dict(context), functions=functions).value

    return Services(now=setup.clock.now, functions=functions, decide=decide, zone=setup.zone)


def _assessor_of(value: Any) -> str | None:
    return value.get("id") if isinstance(value, dict) else None
