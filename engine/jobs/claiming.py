"""Taking jobs on PostgreSQL: any number of workers, none of which leads, each with a handful at a time.

A worker claims what is due for the length of a lease, with SKIP LOCKED, and runs it. The claim only keeps
others from looking at the same jobs; that a job's effect comes once is the business of `queue.take`, in the
transaction of the effect itself. When a worker dies, what it had claimed is due again after the lease.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from engine.jobs.postgresql import QUEUE
from engine.jobs.queue import QueuedJob, job_of
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("claiming.sql"))
BATCH = 16
"""The most jobs that one worker keeps from the others."""
LEASE = timedelta(seconds=5)


@dataclass(frozen=True)
class Claim:
    """Jobs that this worker alone looks at until `until`; `full`: there may be more of them."""

    jobs: list[QueuedJob]
    until: datetime
    full: bool


def claim(connection: Connection, *, limit: int = BATCH, lease: timedelta = LEASE) -> Claim:
    """The oldest jobs that are due, taken for the length of `lease`.

    When that is all there is, the wake-ups that have led here are forgotten, and then one more look is taken,
    so that no job is passed over that was committed with one of them.
    """
    now = datetime.now(UTC)
    until = now + lease
    found = _claim(connection, now, until, limit)
    if len(found) < limit:
        QUERIES.send(connection, "forget_wake_ups", queue=QUEUE)
        found += _claim(connection, datetime.now(UTC), until, limit)
    return Claim(sorted(found, key=lambda job: job.id), until, len(found) >= limit)


def give_back(connection: Connection, claimed: Claim) -> None:
    """Let others have, at once, what is left of a claim."""
    QUERIES.run(connection, "give_back", now=datetime.now(UTC), until=claimed.until)


def _claim(connection: Connection, now: datetime, until: datetime, limit: int) -> list[QueuedJob]:
    return [job_of(row) for row in QUERIES.rows(connection, "claim", now=now, until=until, row_limit=limit)]
