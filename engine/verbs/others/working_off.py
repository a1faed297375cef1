"""离职转办, carried out: each job hands over a batch of an order's tasks, by whoever gave it."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import Connection

from engine.clock import today
from engine.jobs import queue
from engine.jobs.queue import QueuedJob, defer
from engine.people.persons import Person, person_of
from engine.people.refusals import PeopleRefused
from engine.runtime.engine import Engine
from engine.runtime.setup import Setup
from engine.store import Row
from engine.verbs import door
from engine.verbs.others.leaving import JOB, QUERIES, asked_for, job_of
from engine.verbs.refusals import NotAllowed, Refusal, Stale

BATCH = 20
"""So many tasks are handed over by one job."""


def work_off(setup: Setup, job: QueuedJob) -> bool:
    """Hand over the next tasks of the job's order, by whoever gave it; a further job for those after them."""
    engine, order_id = Engine.of(setup), str(job.payload["order"])
    with setup.database.read() as connection:
        order = QUERIES.row(connection, "order", id=order_id)
        assert order is not None  # it was written with its first job
        rows = QUERIES.rows(connection, "next_lines", order_id=order_id, most=BATCH)
        person = _giver(connection, order, on=today(setup.clock, setup.zone))
    for row in rows:
        _hand(engine, person, order_id, row, reason=order["reason_text"])
    with setup.database.write() as connection:
        if queue.take(connection, job.id) is None:
            return False
        if len(rows) == BATCH:
            defer(connection, setup.queue, [job_of(order_id)])
    return True


JOBS: Mapping[str, Callable[..., bool]] = {JOB: work_off}
"""For `Bindings.jobs`."""


def _giver(connection: Connection, order: Row, *, on: date) -> Person | None:
    """Who gave an order, with what they may do today; None when their account was shut since."""
    try:
        return person_of(connection, order["by_id"], on=on)
    except PeopleRefused:
        return None


def _hand(engine: Engine, person: Person | None, order_id: str, row: Row, *, reason: str) -> None:
    """Hand one task over and settle its line, both or neither; what is refused is said there."""
    line = {"order_id": order_id, "item_id": row["item_id"], "at": engine.clock.now()}
    try:
        if person is None:
            raise NotAllowed("下达的人帐号已停用，没有转办。")
        with engine.database.read() as connection:
            item = door.open_item(connection, person, row["item_id"])
        verb, request = asked_for(row["target"], version=item.lock_version, reason=reason)

        def settle(connection: Connection) -> None:
            if not QUERIES.run(connection, "settle", state="done", said="", **line):
                raise Stale("这一项刚由另一个后台工作办过。")

        door.act(engine, person, row["item_id"], verb, request, also=settle)
    except Refusal as refused:
        with engine.database.write() as connection:
            QUERIES.run(connection, "settle", state="refused", said=refused.message, **line)
