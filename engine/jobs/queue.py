"""The queue's small protocol: a job is inserted inside the caller's transaction, or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import orjson
from sqlalchemy import Connection

from engine.ids import new_id
from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("queue.sql"))
STANDSTILL = timedelta(minutes=1)
"""How long a job of an instance that stands still waits before it is looked at again."""


@dataclass(frozen=True)
class Backoff:
    """How long a failed job rests before each further attempt: longer each time, up to `longest`."""

    first: timedelta = timedelta(seconds=2)
    factor: float = 2
    longest: timedelta = timedelta(minutes=10)

    def after(self, attempts: int) -> timedelta:
        """The rest after so many failed attempts (from 1)."""
        try:
            return min(self.first * self.factor ** (attempts - 1), self.longest)
        except OverflowError:
            return self.longest


USUAL = Backoff()


@dataclass(frozen=True)
class NewJob:
    """Work to be done soon: `kind` chooses the code, `payload` is plain JSON."""

    kind: str
    cycle_id: str
    instance_id: str | None = None
    wait_key: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    max_attempts: int = 3


@dataclass(frozen=True)
class QueuedJob:
    """A job as it stands in its row."""

    id: str
    kind: str
    cycle_id: str
    instance_id: str | None
    wait_key: str | None
    payload: Mapping[str, Any]
    attempts: int
    max_attempts: int
    poisoned: bool = False
    """What it should do cannot be read any more."""


class Queue(Protocol):
    """Where jobs go. `announce` tells whoever runs them that there is something to do."""

    def announce(self, connection: Connection, rows: list[Row]) -> None: ...


class EmbeddedQueue:
    """SQLite: the server's own runner polls the table; `wake` is called after each insert."""

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        self.wake = wake

    def announce(self, connection: Connection, rows: list[Row]) -> None:
        if self.wake is not None:
            self.wake()


def defer(connection: Connection, queue: Queue, jobs: list[NewJob]) -> None:
    """Insert `jobs` in this transaction, due at once."""
    if not jobs:
        return
    now = datetime.now(UTC)
    rows: list[Row] = [
        {
            "id": new_id(),
            "cycle_id": job.cycle_id,
            "kind": job.kind,
            "instance_id": job.instance_id,
            "wait_key": job.wait_key,
            "payload_text": orjson.dumps(job.payload).decode(),
            "state": "waiting",
            "attempts": 0,
            "max_attempts": job.max_attempts,
            "run_at": now,
            "created_at": now,
            "last_error": "",
        }
        for job in jobs
    ]
    insert_rows(connection, "job", rows)
    queue.announce(connection, rows)


def due(connection: Connection, *, limit: int) -> list[str]:
    """The ids of `due_jobs`."""
    return [job.id for job in due_jobs(connection, limit=limit)]


def due_jobs(connection: Connection, *, limit: int) -> list[QueuedJob]:
    """Jobs that are due, oldest first; none that is being run."""
    return ask_due_jobs(connection, limit=limit)()


def ask_due_jobs(connection: Connection, *, limit: int) -> Callable[[], list[QueuedJob]]:
    """Ask for `due_jobs`."""
    asked = QUERIES.ask(connection, "due", now=datetime.now(UTC), row_limit=limit)
    return lambda: [job_of(row) for row in asked.rows()]


def read(connection: Connection, job_id: str) -> QueuedJob | None:
    """The job, or None when it is done or cancelled."""
    return _job(QUERIES.row(connection, "read", id=job_id))


def take(connection: Connection, job_id: str) -> QueuedJob | None:
    """Remove the job in this transaction, so that its effect and its end are one; None when it is gone."""
    return _job(QUERIES.row(connection, "take", id=job_id))


def failed(
    connection: Connection, queue: Queue, job: QueuedJob, *, error: str, backoff: Backoff = USUAL
) -> bool:
    """Note a failed attempt: again after a delay, or, when attempts are used up, stopped. True if stopped.

    Nothing is noted of a job that another has run, cancelled or noted since it was read.
    """
    attempts = job.attempts + 1
    stopped = attempts >= job.max_attempts
    run_at = datetime.now(UTC) + backoff.after(attempts)
    state = "stopped" if stopped else "waiting"
    noted = QUERIES.run(
        connection,
        "failed",
        id=job.id,
        before=job.attempts,
        attempts=attempts,
        state=state,
        run_at=run_at,
        last_error=error[:2000],
    )
    if not noted:
        return False
    if not stopped:
        queue.announce(connection, [{"id": job.id, "run_at": run_at, "kind": job.kind}])
    return stopped


def postpone(connection: Connection, queue: Queue, job_id: str) -> None:
    """Keep a job that cannot run now, as it is, and look at it again after `STANDSTILL`."""
    run_at = datetime.now(UTC) + STANDSTILL
    if QUERIES.run(connection, "postpone", id=job_id, run_at=run_at):
        queue.announce(connection, [{"id": job_id, "run_at": run_at, "kind": "postponed"}])


def cancel(connection: Connection, *, instance_id: str, wait_key: str) -> list[str]:
    """Forget the jobs of a wait that is over; the ids of those that had stopped (each has an incident)."""
    rows = QUERIES.rows(connection, "cancel", instance_id=instance_id, wait_key=wait_key)
    return [row["id"] for row in rows if row["state"] == "stopped"]


def retry(connection: Connection, queue: Queue, job_id: str) -> bool:
    """Let a stopped job run again from its first attempt; False when there is none."""
    now = datetime.now(UTC)
    found = QUERIES.run(connection, "retry", id=job_id, run_at=now) == 1
    if found:
        queue.announce(connection, [{"id": job_id, "run_at": now, "kind": "retry"}])
    return found


def _job(row: Row | None) -> QueuedJob | None:
    return None if row is None else job_of(row)


def job_of(row: Row) -> QueuedJob:
    """The job that a row of the table is."""
    text = row.pop("payload_text")
    try:
        payload = orjson.loads(text)
    except orjson.JSONDecodeError:
        payload = None
    whole = isinstance(payload, dict)
    return QueuedJob(**row, payload=payload if whole else {}, poisoned=not whole)
