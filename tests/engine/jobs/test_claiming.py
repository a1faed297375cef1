"""Workers on PostgreSQL share a queue without a leader: a claim is its holder's own until the lease ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.ids import new_id
from engine.jobs import queue
from engine.jobs.claiming import Claim, claim, give_back
from engine.jobs.postgresql import ProcrastinateQueue
from engine.jobs.queue import NewJob
from engine.store import Database

pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)

CYCLE = new_id()
DEAD_AT_ONCE = timedelta(0)


def put(database: Database, count: int) -> list[str]:
    """Jobs that are due, each with its wake-up; their ids, oldest first."""
    for _ in range(count):
        with database.write() as connection:
            queue.defer(connection, ProcrastinateQueue(), [NewJob("test", CYCLE)])
    with database.read() as connection:
        return queue.due(connection, limit=count)


def take(database: Database, limit: int, lease: timedelta = timedelta(minutes=1)) -> Claim:
    with database.write() as connection:
        return claim(connection, limit=limit, lease=lease)


def ids(claimed: Claim) -> list[str]:
    return [job.id for job in claimed.jobs]


def wake_ups(database: Database) -> Any:
    with database.read() as connection:
        return connection.exec_driver_sql("select count(*) from procrastinate_jobs").scalar()


def test_two_workers_at_once_claim_different_jobs_and_neither_waits(database: Database) -> None:
    made = put(database, 5)
    with database.write() as one, database.write() as other:
        first, second = claim(one, limit=3), claim(other, limit=3)
    assert (ids(first), ids(second)) == (made[:3], made[3:])
    assert (first.full, second.full) == (True, False)
    assert ids(take(database, 3)) == []


def test_what_a_dead_worker_had_claimed_is_due_again_after_its_lease(database: Database) -> None:
    made = put(database, 2)
    assert ids(take(database, 1, DEAD_AT_ONCE)) == made[:1]
    assert sorted(ids(take(database, 2))) == made


def test_a_job_that_is_being_run_is_passed_over_however_long_it_takes(database: Database) -> None:
    made = put(database, 2)
    take(database, 2, DEAD_AT_ONCE)
    with database.write() as running:
        assert queue.take(running, made[0]) is not None
        assert ids(take(database, 2)) == made[1:]


def test_what_is_given_back_is_there_for_others_at_once(database: Database) -> None:
    made = put(database, 3)
    claimed = take(database, 3)
    with database.write() as connection:
        queue.take(connection, made[0])
        give_back(connection, claimed)
    assert ids(take(database, 3)) == made[1:]


def test_wake_ups_are_forgotten_when_everything_due_is_claimed_and_stay_while_there_is_more(
    database: Database,
) -> None:
    put(database, 3)
    later = {"id": new_id(), "run_at": datetime.now(UTC) + timedelta(hours=1)}
    with database.write() as connection:
        ProcrastinateQueue().announce(connection, [later])
    assert (take(database, 2).full, wake_ups(database)) == (True, 4)
    assert (take(database, 2).full, wake_ups(database)) == (False, 1)


def test_a_heap_of_jobs_wakes_a_few_workers_not_one_for_each(database: Database) -> None:
    home = ProcrastinateQueue()
    for transactions in (1, 2):
        with database.write() as connection:
            for _ in range(5):
                queue.defer(connection, home, [NewJob("test", CYCLE)] * 10)
        assert wake_ups(database) == 4 * transactions
    assert (len(take(database, 200).jobs), wake_ups(database)) == (100, 0)
