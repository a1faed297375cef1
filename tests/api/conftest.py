"""The application over a small city: browsers of several people, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.assembly import check_form
from api.house import password_rules
from api.settings import Settings
from engine.people.login import set_password
from engine.people.passwords import Passwords
from engine.people.tables import UserAccount
from engine.runtime.engine import Engine
from engine.store import Database
from engine.work.bindings import Bindings
from processes.demo import Demo
from tests.databases import Filling, Templates
from tests.engine.runtime.world import World, build_world
from tests.processes.city import City, build_city, open_city

PASSWORD = "一句记得住的话 2018"
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


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    """A city whose people can log in with PASSWORD, and whose forms are really checked."""
    made = build_world(database)
    bindings = Bindings(services=made.services, records={}, check_form=check_form)
    made.engine = Engine(database, clock=made.clock, bindings=bindings)
    kept = Passwords(password_rules(settings)).hash(PASSWORD)
    with database.write() as connection:
        for user_id in made.people.values():
            set_password(connection, user_id, kept, must_change=False)
    return made


_BUILT: dict[str, Demo] = {}
"""What was built into the template of each home; its copies hold the same."""


@pytest.fixture
def city(home: str, templates: Templates, settings: Settings, tmp_path: Path) -> Iterator[City]:
    """The demonstration city with planning deployed; its people log in with PASSWORD."""

    def lay(url: str) -> None:
        database = Database(url)
        _BUILT[home] = build_city(database).demo
        kept = Passwords(password_rules(settings)).hash(PASSWORD)
        with database.write() as connection:
            connection.execute(update(UserAccount).values(password_hash=kept, must_change_password=False))
        database.close()

    folder = tmp_path / "city"
    folder.mkdir()
    with templates.copy(home, folder, filling=Filling("api-city", lay)) as url:
        database = Database(url)
        yield open_city(database, _BUILT[home])
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
