"""The town, laid once a worker and home and copied for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.house import password_rules
from api.settings import Settings
from engine.people.passwords import Passwords
from engine.people.tables import UserAccount
from engine.store import Database
from tests.databases import Filling, Templates, require
from tests.decomposition.town import Town, lay_town
from tests.processes.city import open_city

PASSWORD = "一句记得住的话 2018"
Browse = Callable[[str], TestClient]


def settings_in(folder: Path) -> Settings:
    """Cheap passwords, a quiet log."""
    return Settings(
        database_url="sqlite://",
        data_dir=folder / "data",
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
        log_level="error",
    )


def open_town(home: str, templates: Templates, folder: Path) -> Iterator[Town]:
    """A copy of the town on a home."""

    def lay(url: str) -> None:
        database = Database(url)
        lay_town(database)
        kept = Passwords(password_rules(settings_in(folder))).hash(PASSWORD)
        with database.write() as connection:
            connection.execute(update(UserAccount).values(password_hash=kept, must_change_password=False))
        database.close()

    with templates.copy(home, folder, filling=Filling("decomposition-town", lay)) as url:
        database = Database(url)
        yield Town(open_city(database))
        database.close()


@pytest.fixture
def town(templates: Templates, tmp_path: Path) -> Iterator[Town]:
    """The town on SQLite, 2018-02-01."""
    yield from open_town("sqlite", templates, tmp_path)


@pytest.fixture
def town_at(home: str, templates: Templates, tmp_path: Path) -> Iterator[Town]:
    """The town on each home."""
    require(home)
    yield from open_town(home, templates, tmp_path)


@pytest.fixture
def browse(town: Town, tmp_path: Path) -> Iterator[Browse]:
    """`browse("u39.liaison")`: a browser in which that person is logged in."""
    app = create_app(settings_in(tmp_path), town.city.engine)
    open_clients: list[TestClient] = []

    def start(login: str) -> TestClient:
        client = TestClient(app, base_url="http://testserver", follow_redirects=False)
        open_clients.append(client)
        answer = client.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    yield start
    for client in open_clients:
        client.close()
