"""Taking a job in the transaction of its effect, together with all that its step will ask for.

The instance is locked first and the job taken then, in the same order as a step, so that a step that cancels
a wait and the job of that wait never stand in each other's way. PostgreSQL is waited for once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from engine.jobs.queue import QueuedJob, job_of
from engine.people.nearby import Question, ask_at_instance
from engine.runtime.events import messages
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import (
    InstanceRow,
    UnknownInstance,
    Variables,
    ask_instance,
    ask_variables,
)
from engine.runtime.steps.troubles import Hold
from engine.store import Queries
from engine.store.sql import Asked

QUERIES = Queries(Path(__file__).with_name("taking.sql"))
GOES_ON = frozenset({"service", "timer", "deliver", "signal", "by_rule"})
"""Kinds of jobs after which a task opens, as a rule at the unit that the instance is about."""


@dataclass(frozen=True)
class TakenJob(QueuedJob):
    """A job in its transaction, with the row of its instance as it was locked, and what is to be held.

    What was asked for with it is read by who needs it: the instance's variables, who holds the posts `near`
    it, the message to be delivered.
    """

    row: InstanceRow | None = None
    hold: Hold = field(default_factory=Hold)
    variables: Callable[[], Variables] | None = None
    near: Question | None = None
    message: Asked | None = None


@dataclass(frozen=True)
class Taking:
    """A job as it is taken: its instance, if it has one and that is still there, and the job itself.

    `taken` is None when the job is done or cancelled, and when its instance stands still.
    """

    row: InstanceRow | None
    taken: TakenJob | None


def take(setup: Setup, connection: Connection, job: QueuedJob, hold: Hold) -> Taking:
    """Lock the job's instance, then take the job out of the queue."""
    if job.instance_id is None:
        return Taking(None, _taken(QUERIES.ask(connection, "take", id=job.id), hold=hold))
    locked = ask_instance(connection, job.instance_id)
    asked = QUERIES.ask(connection, "take", id=job.id)
    variables = ask_variables(connection, job.instance_id)
    message = messages.ask(connection, job) if job.kind == "deliver" else None
    near = None
    if job.kind in GOES_ON:
        near = ask_at_instance(connection, job.instance_id, clock=setup.clock, zone=setup.zone)
    try:
        row = locked()
    except UnknownInstance:
        return Taking(None, None)
    found = _taken(asked, row=row, hold=hold, variables=variables, near=near, message=message)
    return Taking(row, found)


def _taken(asked: Asked, **given: object) -> TakenJob | None:
    row = asked.row()
    return TakenJob(**job_of(row).__dict__, **given) if row else None  # type: ignore[arg-type]
