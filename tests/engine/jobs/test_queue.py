"""A job exists exactly when its transaction does, is taken once, and comes back when it fails."""

from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest

from engine.ids import new_id
from engine.jobs import queue
from engine.jobs.postgresql import ProcrastinateQueue, forget_stalled
from engine.jobs.queue import EmbeddedQueue, NewJob, Queue, QueuedJob
from engine.store import Database

CYCLE = new_id()


def scalar(database: Database, sql: str) -> Any:
    with database.read() as connection:
        return connection.exec_driver_sql(sql).scalar()


def jobs(database: Database) -> int:
    return int(scalar(database, "select count(*) from job"))


def wake_ups(database: Database) -> int:
    """Procrastinate's own rows; none on SQLite."""
    if database.dialect == "sqlite":
        return 0
    return int(scalar(database, "select count(*) from procrastinate_jobs"))


def put(database: Database, where: Queue, *, attempts: int = 3, **payload: object) -> QueuedJob:
    """One waiting job, as it is read."""
    with database.write() as connection:
        queue.defer(connection, where, [NewJob("test", CYCLE, payload=payload, max_attempts=attempts)])
    with database.read() as connection:
        (job_id,) = queue.due(connection, limit=10)
        found = queue.read(connection, job_id)
    assert found is not None
    return found


def test_a_job_is_due_at_once_and_is_read_as_it_was_put(database: Database, queue_of_home: Queue) -> None:
    job = put(database, queue_of_home, name="市旅委", number=4)
    assert (job.kind, job.cycle_id, job.attempts, job.max_attempts) == ("test", CYCLE, 0, 3)
    assert job.payload == {"name": "市旅委", "number": 4}
    assert wake_ups(database) == (0 if database.dialect == "sqlite" else 1)


def test_a_transaction_that_is_rolled_back_leaves_neither_job_nor_wake_up(
    database: Database, queue_of_home: Queue
) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        queue.defer(connection, queue_of_home, [NewJob("test", CYCLE)])
        raise RuntimeError
    assert (jobs(database), wake_ups(database)) == (0, 0)


def test_deferring_nothing_wakes_nobody(database: Database) -> None:
    woken: list[bool] = []
    with database.write() as connection:
        queue.defer(connection, EmbeddedQueue(lambda: woken.append(True)), [])
        assert woken == []
        queue.defer(connection, EmbeddedQueue(lambda: woken.append(True)), [NewJob("test", CYCLE)] * 3)
    assert woken == [True]
    assert jobs(database) == 3


def test_a_job_is_taken_once_however_many_want_it(database: Database, queue_of_home: Queue) -> None:
    job = put(database, queue_of_home)
    ready, taken = Barrier(4), []

    def take() -> None:
        ready.wait()
        with database.write() as connection:
            taken.append(queue.take(connection, job.id))

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is None for one in taken) == [False, True, True, True]
    assert jobs(database) == 0


def test_taking_a_job_in_a_transaction_that_fails_leaves_it(database: Database, queue_of_home: Queue) -> None:
    job = put(database, queue_of_home)
    with pytest.raises(RuntimeError), database.write() as connection:
        assert queue.take(connection, job.id) == job
        raise RuntimeError
    with database.read() as connection:
        assert queue.due(connection, limit=10) == [job.id]


def test_who_looks_for_work_passes_over_what_another_is_running(database: Database, home: str) -> None:
    if home == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    running = put(database, ProcrastinateQueue())
    with database.write() as connection:
        assert queue.take(connection, running.id) is not None
        with database.read() as other:
            assert queue.due(other, limit=10) == []


def test_failures_are_tried_again_after_growing_pauses_until_the_job_stops(
    database: Database, queue_of_home: Queue
) -> None:
    job = put(database, queue_of_home, attempts=4)
    pauses, stops = [], []
    for _ in range(4):
        with database.write() as connection:
            before = datetime.now(UTC)
            stops.append(queue.failed(connection, queue_of_home, job, error="上级接口没有应答"))
            row = queue.QUERIES.row(connection, "read", id=job.id)
        if row is None:
            break
        with database.read() as connection:
            found = queue.read(connection, job.id)
            assert found is not None
            job = found
            assert queue.due(connection, limit=10) == []
            column = connection.exec_driver_sql("select run_at from job").scalar()
            run_at = column if isinstance(column, datetime) else datetime.fromisoformat(str(column))
        pauses.append(round((run_at - before).total_seconds()))
    assert pauses == [2, 4, 8]
    assert stops == [False, False, False, True]
    assert scalar(database, "select state from job") == "stopped"
    assert scalar(database, "select attempts from job") == 4
    assert scalar(database, "select last_error from job") == "上级接口没有应答"
    if database.dialect == "postgresql":
        assert wake_ups(database) == 4  # the first, and one for each time that it is tried again


def test_pauses_do_not_grow_without_end(database: Database, queue_of_home: Queue) -> None:
    job = put(database, queue_of_home)
    old = QueuedJob(**{**job.__dict__, "attempts": 40, "max_attempts": 100})
    with database.write() as connection:
        connection.exec_driver_sql("update job set attempts = 40, max_attempts = 100")
        before = datetime.now(UTC)
        assert queue.failed(connection, queue_of_home, old, error="") is False
        column = connection.exec_driver_sql("select run_at from job").scalar()
    run_at = column if isinstance(column, datetime) else datetime.fromisoformat(str(column))
    assert round((run_at - before).total_seconds()) == 600


def test_a_failure_of_a_job_that_another_has_finished_is_not_noted(
    database: Database, queue_of_home: Queue
) -> None:
    job = put(database, queue_of_home, attempts=1)
    with database.write() as connection:
        queue.take(connection, job.id)
    with database.write() as connection:
        assert queue.failed(connection, queue_of_home, job, error="too late") is False
    assert jobs(database) == 0


def test_two_failures_of_one_attempt_count_once(database: Database, queue_of_home: Queue) -> None:
    job = put(database, queue_of_home, attempts=2)
    for _ in range(2):
        with database.write() as connection:
            assert queue.failed(connection, queue_of_home, job, error="") is False
    assert scalar(database, "select attempts from job") == 1
    assert scalar(database, "select state from job") == "waiting"


def test_a_stopped_job_runs_again_from_its_first_attempt_when_it_is_retried(
    database: Database, queue_of_home: Queue
) -> None:
    job = put(database, queue_of_home, attempts=1)
    with database.write() as connection:
        assert queue.retry(connection, queue_of_home, job.id) is False
        assert queue.failed(connection, queue_of_home, job, error="") is True
        assert queue.due(connection, limit=10) == []
        assert queue.retry(connection, queue_of_home, job.id) is True
    with database.read() as connection:
        assert queue.due(connection, limit=10) == [job.id]
        assert queue.read(connection, job.id) == job


def test_cancelling_forgets_the_jobs_of_one_wait_only(database: Database, queue_of_home: Queue) -> None:
    one, other = new_id(), new_id()
    new = [NewJob("test", CYCLE, instance, wait) for instance in (one, other) for wait in ("a", "b")]
    with database.write() as connection:
        queue.defer(connection, queue_of_home, new)
        queue.cancel(connection, instance_id=one, wait_key="a")
    with database.read() as connection:
        left = [queue.read(connection, job_id) for job_id in queue.due(connection, limit=10)]
    assert [(job.instance_id, job.wait_key) for job in left if job] == [
        (one, "b"),
        (other, "a"),
        (other, "b"),
    ]


def test_wake_ups_of_workers_that_died_are_forgotten_and_others_kept(database: Database, home: str) -> None:
    if home == "sqlite":
        pytest.skip("procrastinate is PostgreSQL's")
    for _ in range(4):
        with database.write() as connection:
            queue.defer(connection, ProcrastinateQueue(), [NewJob("test", CYCLE)])
    with database.write() as connection:
        for sql in (
            "insert into procrastinate_workers (last_heartbeat) values (now()), (now() - interval '1 hour')",
            "update procrastinate_jobs set status = 'doing' where id > 1",
            "update procrastinate_jobs set worker_id = id - 1 where id in (2, 3)",
        ):
            connection.exec_driver_sql(sql)
        assert forget_stalled(connection) == 2
    assert wake_ups(database) == 2
    assert jobs(database) == 4
