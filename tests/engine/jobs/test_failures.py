"""What becomes of jobs that cannot be run: nothing loops, nothing is lost, others go on."""

from typing import Any

import pytest
from psycopg.errors import DeadlockDetected

from engine.jobs import queue
from engine.jobs.queue import EmbeddedQueue, NewJob
from engine.runtime.background import running
from engine.store import Database
from engine.work.bindings import ServiceCall
from tests.engine.runtime.world import World, build_world, in_a_row, service, user


def put(world: World, job: NewJob) -> None:
    with world.engine.database.write() as connection:
        queue.defer(connection, EmbeddedQueue(), [job])


def rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    with world.engine.database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def test_a_kind_that_this_version_does_not_know_waits_for_the_office(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance = world.start()
    put(world, NewJob("mail", world.cycle.id, instance, max_attempts=1))
    put(world, NewJob("mail", world.cycle.id, max_attempts=1))
    world.engine.drain()
    assert rows(world, "select state from job") == [("stopped",), ("stopped",)]
    told = ("mail", "本版本不认识 mail 类后台工作")
    assert rows(world, "select kind, message from incident") == [told, told]
    assert world.status(instance) == "running"


def test_an_instance_that_cannot_be_read_stops_its_own_job_only(database: Database) -> None:
    world = build_world(database, {"test.work": lambda call: {"done": True}})
    world.deploy(planning=in_a_row(service("work", "test.work", retries=1)))
    broken, sound = world.start(drain=False), world.start(drain=False)
    with database.write() as connection:
        blob = "x'00'" if database.dialect == "sqlite" else "'\\x00'::bytea"
        connection.exec_driver_sql(f"update instance set state = {blob} where id = '{broken}'")
    world.engine.drain()
    assert world.status(sound) == "completed"
    assert rows(world, "select instance_id, element_id from incident") == [(broken, "")]
    assert rows(world, "select state from job") == [("stopped",)]


def test_a_lost_race_is_run_again_at_once_and_is_no_failure(database: Database) -> None:
    attempts: list[int] = []

    def twice_unlucky(call: ServiceCall) -> dict[str, Any]:
        attempts.append(call.attempt)
        if len(attempts) < 3:
            raise DeadlockDetected
        return {}

    world = build_world(database, {"test.work": twice_unlucky})
    world.deploy(planning=in_a_row(service("work", "test.work", retries=1)))
    instance = world.start()
    assert attempts == [1, 1, 1]
    assert world.status(instance) == "completed"
    assert rows(world, "select id from incident") == []


def test_who_loses_every_race_has_failed(database: Database) -> None:
    def unlucky(call: ServiceCall) -> None:
        raise DeadlockDetected("always")

    world = build_world(database, {"test.work": unlucky})
    world.deploy(planning=in_a_row(service("work", "test.work", retries=1)))
    world.start()
    assert rows(world, "select element_id, message from incident") == [("work", "always")]


def test_a_job_of_a_wait_or_an_instance_that_is_over_just_goes_away(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance = world.start()
    put(world, NewJob("timer", world.cycle.id, instance, "gone", max_attempts=1))
    world.complete("ling")
    assert world.status(instance) == "completed"
    put(world, NewJob("timer", world.cycle.id, instance, "gone", max_attempts=1))
    world.engine.drain()
    assert rows(world, "select id from job") == []
    assert rows(world, "select id from incident") == []


def test_what_cannot_even_be_noted_is_raised_and_leaves_the_job_as_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build_world(database)
    put(world, NewJob("mail", world.cycle.id))

    def lost(*_args: Any, **_named: Any) -> bool:
        raise ConnectionError("database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "failed", lost)
        with database.read() as connection:
            (job_id,) = queue.due(connection, limit=1)
        with pytest.raises(ConnectionError):
            running.run_job(world.engine.setup, job_id)
    assert rows(world, "select state, attempts from job") == [("waiting", 0)]
