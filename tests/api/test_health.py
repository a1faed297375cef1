"""What load balancers and monitors are told: alive, ready for people, the whole well."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.health import Health, Probe
from api.settings import Settings
from engine.ids import new_id
from engine.jobs.queue import EmbeddedQueue, NewJob, defer
from engine.runtime.engine import Engine
from engine.store import Database
from tests.api.conftest import Browse
from tests.engine.runtime.world import World


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.data_dir.mkdir()
    return settings


def look(world: World, settings: Settings) -> Health:
    return Probe(settings, world.engine).look()


def run(world: World, *statements: str) -> None:
    with world.engine.database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_server_that_can_work_says_so_and_nothing_of_its_work(browse: Browse, home: str) -> None:
    anybody = browse("")
    assert anybody.get("/livez").json() == {"status": "ok"}
    ready = {"status": "ok", "database": "ok", "schema": "current", "files": "ok"}
    assert anybody.get("/readyz").json() == ready
    answer = anybody.get("/healthz")
    if home == "sqlite":  # the server itself works
        assert (answer.status_code, answer.json()) == (
            200,
            {**ready, "workers": None, "oldest_job_seconds": 0},
        )
    else:
        assert (answer.status_code, answer.json()["workers"]) == (503, 0)


def test_people_are_sent_to_a_server_while_its_schema_fits_or_is_newer(
    world: World, settings: Settings
) -> None:
    run(world, "insert into alembic_version (version_num) values ('9999_of_the_next_release')")
    assert (look(world, settings).schema, look(world, settings).ready) == ("newer", True)
    run(world, "delete from alembic_version")
    assert (look(world, settings).schema, look(world, settings).ready) == ("older", False)


def test_nobody_is_sent_where_files_cannot_be_kept(world: World, settings: Settings) -> None:
    settings.data_dir.rmdir()
    found = look(world, settings)
    assert (found.database, found.files, found.ready) == ("ok", "down", False)


def test_work_that_nobody_does_is_told(world: World, settings: Settings, home: str) -> None:
    with world.engine.database.write() as connection:
        defer(connection, EmbeddedQueue(), [NewJob("test", new_id())])
    if home == "postgresql":
        run(world, "insert into procrastinate_workers default values")
    assert look(world, settings).well
    late = datetime.now(UTC) - timedelta(minutes=2)
    told = late.isoformat() if home == "postgresql" else late.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    run(world, f"update job set run_at = '{told}'")
    found = look(world, settings)
    assert (found.ready, found.well) == (True, False)
    assert found.oldest_job_seconds >= 120


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_a_database_that_does_not_answer_is_told_and_the_program_lives_on(
    world: World, settings: Settings
) -> None:
    url = "postgresql+psycopg://nobody@/nothing?host=/nonexistent"
    away = settings.model_copy(update={"database_url": url})
    setup = world.engine.setup
    engine = Engine(Database(url), clock=setup.clock, bindings=setup.bindings)
    with TestClient(create_app(away, engine)) as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")
