"""Servers behind pgbouncer in transaction mode: the same work, on connections that change all the time."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.jobs.postgresql import ProcrastinateQueue
from engine.runtime.engine import Engine
from engine.store import Database
from engine.store.sql import execute
from engine.store.turns import one_at_a_time
from tests import pgbouncer
from tests.chaos.test_workers import assert_each_once, fan_out, joined
from tests.chaos.workers import BIHUAN, until, workers
from tests.engine.runtime.world import World, build_world

pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def _has_pgbouncer() -> None:
    if reason := pgbouncer.missing():
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture
def pool_url(database_url: str) -> Iterator[str]:
    """The database of this test behind a pool of two connections."""
    with pgbouncer.pooled(database_url) as url:
        yield url


@pytest.fixture
def pooled(pool_url: str) -> Iterator[Database]:
    made = Database(pool_url, pooled=True)
    yield made
    made.close()


@pytest.fixture
def world(pooled: Database) -> World:
    """A world whose engine speaks through the pool, and only queues."""
    made = build_world(pooled)
    setup = made.engine.setup
    made.engine = Engine(pooled, clock=made.clock, bindings=setup.bindings, queue=ProcrastinateQueue())
    return made


def test_people_and_workers_go_through_the_pool_and_only_listening_goes_past_it(
    world: World, database_url: str, pool_url: str, tmp_path: Path
) -> None:
    through = {"BIHUAN_WORKER_DATABASE_URL": database_url, "BIHUAN_TRANSACTION_POOL": "true"}
    with workers(pool_url, tmp_path, settings=through):
        instance = fan_out(world, units=6)
        until(lambda: joined(world))
        assert_each_once(world, instance, units=6)


def test_servers_take_turns_on_one_connection_and_leave_nothing_on_it(database_url: str) -> None:
    with pgbouncer.pooled(database_url, connections=1) as url:
        servers = [Database(url, pooled=True) for _ in range(2)]
        for _ in range(8):  # a driver that prepares statements begins at the sixth, and names them all alike
            for number, server in enumerate(servers):
                with server.write() as connection:
                    [(found,)] = execute(connection, f"select %s::int + {number}", [1])
                assert found == 1 + number
        for server in servers:
            server.close()


def test_turns_are_taken_behind_the_pool_too(pooled: Database) -> None:
    with pooled.write() as one:
        one_at_a_time(one, "deploy")
        one_at_a_time(one, "deploy")
        with pooled.write() as other:
            one_at_a_time(other, "init")
    with pooled.write() as next_one:
        one_at_a_time(next_one, "deploy")


def test_a_worker_that_could_only_listen_through_the_pool_does_not_start(
    database_url: str, tmp_path: Path
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    given = {**kept, "BIHUAN_DATABASE_URL": database_url, "BIHUAN_TRANSACTION_POOL": "true"}
    done = subprocess.run([BIHUAN, "worker"], cwd=tmp_path, env=given, capture_output=True, text=True)
    assert done.returncode == 2
    assert "BIHUAN_WORKER_DATABASE_URL" in done.stderr
