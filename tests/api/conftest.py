"""The application over a small city: browsers of several people, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.assembly import check_form
from api.settings import Settings
from engine.people.tables import UserAccount
from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.others import working_off
from engine.work.bindings import Bindings
from processes.tables import table_of
from tests.databases import Filling, Templates
from tests.engine.runtime.world import World, build_world
from tests.processes.city import CHEAP, LAID, PASSWORD, City, open_city

Browse = Callable[[str], TestClient]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Cheap passwords; files in the test's own folder."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
        max_upload_mb=1,
        max_request_mb=2,
        lock_after_failures=3,
    )


def _let_in(url: str) -> None:
    database = Database(url)
    build_world(database)
    with database.write() as connection:
        kept = CHEAP.hash(PASSWORD)
        connection.execute(
            update(table_of(UserAccount)).values(password_hash=kept, must_change_password=False)
        )
    database.close()


WORLD = Filling("api-world", _let_in)


@pytest.fixture
def database_url(home: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a copy of the world on each home."""
    with templates.copy(home, tmp_path, filling=WORLD) as url:
        yield url


@pytest.fixture
def world(database: Database) -> World:
    """A city whose people can log in with PASSWORD, and whose forms are really checked."""
    made = build_world(database)
    bindings = Bindings(services=made.services, records={}, check_form=check_form, jobs=working_off.JOBS)
    made.engine = Engine(database, clock=made.clock, bindings=bindings)
    return made


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The demonstration city with planning deployed; its people log in with PASSWORD."""
    with templates.copy(home, tmp_path / "city", filling=LAID) as url:
        database = Database(url)
        yield open_city(database)
        database.close()


@pytest.fixture
def browse(world: World, settings: Settings) -> Iterator[Browse]:
    """`browse("ling")`: a browser in which that person is logged in; `browse("")`: nobody."""
    yield from _browsers(world.engine, settings)


@pytest.fixture
def visit(city: City, settings: Settings) -> Iterator[Browse]:
    """The same for the people of the demonstration city: `visit("u20.liaison")`."""
    yield from _browsers(city.engine, settings)


def _browsers(engine: Engine, settings: Settings) -> Iterator[Browse]:
    app = create_app(settings, engine)
    open_clients: list[TestClient] = []

    def start(login: str) -> TestClient:
        client = TestClient(app, base_url="http://testserver", follow_redirects=False)
        open_clients.append(client)
        if login:
            answer = client.post("/login", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return client

    yield start
    for client in open_clients:
        client.close()
