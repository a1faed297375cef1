"""Orders that a page gave: worked off by jobs, one instance a job, a batch of jobs at a time."""

from collections.abc import Mapping

from sqlalchemy import Connection

from engine.jobs.queue import NewJob, defer
from engine.runtime.background.taking import TakenJob
from engine.runtime.migrating.bulk import (
    RACES,
    Order,
    back_within,
    failed,
    move_within,
    read_order,
    settle,
)
from engine.runtime.migrating.items import QUERIES
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps.troubles import apart

BATCH = 100
Payload = Mapping[str, object]


def queue_order(setup: Setup, connection: Connection, order: Order, *, by: Actor, back: bool = False) -> None:
    """Let workers carry out an order, or take it back."""
    payload = {"order": order.id, "back": back, "person": by.person_id, "name": by.name, "after": ""}
    defer(connection, setup.queue, [NewJob("migrate_all", "", payload=payload)])


def migrate_all(setup: Setup, connection: Connection, job: TakenJob) -> None:
    """A job for each of the next instances of the order, and one for those after them."""
    state = "moved" if job.payload["back"] else "waiting"
    rows = QUERIES.rows(
        connection,
        "waiting",
        migration_id=job.payload["order"],
        state=state,
        after=job.payload["after"],
        row_limit=BATCH,
    )
    jobs = [NewJob("migrate", "", payload={**job.payload, "instance": row["instance_id"]}) for row in rows]
    if len(rows) == BATCH:
        after = rows[-1]["instance_id"]
        jobs.append(NewJob("migrate_all", "", payload={**job.payload, "after": after}))
    defer(connection, setup.queue, jobs)


def migrate_one(setup: Setup, connection: Connection, job: TakenJob) -> None:
    """Move one instance, or move it back; what fails leaves it as it was, and is written down."""
    order = read_order(setup, connection, job.payload["order"])
    by = Actor(job.payload["person"], job.payload["name"])
    instance_id, back = job.payload["instance"], bool(job.payload["back"])
    run = back_within if back else move_within
    try:
        with apart(connection):
            run(setup, connection, order, instance_id, by=by)
    except RACES:
        raise
    except Exception as failure:
        settle(setup, connection, order, failed(instance_id, failure, back=back))
