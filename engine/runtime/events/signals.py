"""Signals: thrown once, received by everybody in the cycle who waits for the name at that moment.

Nothing is kept for those who come later. Each receiver is told by a job of its own, so the thrower's
transaction waits for nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.feel import codec
from engine.ids import new_id
from engine.jobs.queue import NewJob, defer
from engine.runtime.events import messages
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import read_context
from engine.runtime.steps.step import Step
from engine.store import Queries, insert_rows

QUERIES = Queries(Path(__file__).with_name("signals.sql"))
SURROUNDINGS = ("cycle", "assessor")


@dataclass(frozen=True)
class NewSignal:
    """A signal to throw in a cycle; with `surroundings` (`Cycle.variables()`) it may start instances."""

    cycle_id: str
    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    surroundings: Mapping[str, Any] = field(default_factory=dict)


def throw(setup: Setup, connection: Connection, signal: NewSignal) -> int:
    """Throw a signal in this transaction: how many instances it will reach or start."""
    variables = codec.dumps(dict(signal.variables))
    waiting = QUERIES.rows(connection, "receivers", cycle_id=signal.cycle_id, name=signal.name)
    jobs = [
        NewJob("signal", signal.cycle_id, row["instance_id"], row["wait_key"], {"variables": variables})
        for row in waiting
    ]
    starts = messages.QUERIES.rows(connection, "start_receiver", kind="signal", name=signal.name)
    for start in starts if signal.surroundings else []:
        payload = {
            "variables": variables,
            "definition_version_id": start["definition_version_id"],
            "element_id": start["element_id"],
            "surroundings": codec.dumps(dict(signal.surroundings)),
        }
        jobs.append(NewJob("start_by_signal", signal.cycle_id, payload=payload))
    defer(connection, setup.queue, jobs)
    return len(jobs)


def throw_all(step: Step) -> None:
    """Throw what the step's tokens threw."""
    if not step.execution.thrown:
        return
    around = step.execution.variables_of(None)
    surroundings = {name: around[name] for name in SURROUNDINGS if name in around}
    for signal in step.execution.thrown:
        new = NewSignal(step.row.cycle_id, signal.name, signal.variables, surroundings)
        throw(step.setup, step.connection, new)


def subscribe(step: Step, waits: Mapping[str, Wait]) -> None:
    """Write the subscriptions of new waits."""
    rows = [
        {
            "id": new_id(),
            "cycle_id": step.row.cycle_id,
            "name": wait.signal,
            "instance_id": step.row.id,
            "wait_key": key,
            "element_id": wait.element,
        }
        for key, wait in waits.items()
        if wait.kind == "signal"
    ]
    insert_rows(step.connection, "signal_subscription", rows)


def deliver(step: Step, wait_key: str, variables: str) -> bool:
    """Hand a signal to the wait; False when it waits no more."""
    if wait_key not in step.before:
        return False
    step.execution.receive(wait_key, read_context(variables))
    return True
