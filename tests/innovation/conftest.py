"""The contest behind its application: people who log in and look at pages and REST."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.house import password_rules
from api.settings import Settings
from engine.people.login import set_password
from engine.people.passwords import Passwords
from engine.store import Database
from tests.databases import Filling, Templates
from tests.innovation.contest import Contest, lay, open_contest

LAID = Filling("contest", lay)
PASSWORD = "一句记得住的话 2018"
PEOPLE = ("e1", "e2", "e3", "u20.liaison", "u39.liaison", "office.staff", "division")
Visit = Callable[[str], TestClient]


@pytest.fixture
def database_url(home: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """A copy of the laid city, on each home."""
    with templates.copy(home, tmp_path, filling=LAID) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Cheap passwords; files in the test's own folder."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
    )


@pytest.fixture
def few(database: Database, settings: Settings) -> Contest:
    """A contest with one expert a project, whose people can log in."""
    made = open_contest(database, innovation={"expertsPerProject": 1, "eliminateShare": 0, "rankBy": "raw"})
    kept = Passwords(password_rules(settings)).hash(PASSWORD)
    with database.write() as connection:
        for login in PEOPLE:
            if login in made.city.people:
                set_password(connection, made.city.people[login], kept, must_change=False)
    return made


@pytest.fixture
def visit(few: Contest, settings: Settings) -> Iterator[Visit]:
    """`visit("e1")`: a browser in which that person is logged in; `visit("")`: nobody."""
    app = create_app(settings, few.city.engine)
    opened: list[TestClient] = []

    def start(login: str) -> TestClient:
        client = TestClient(app, base_url="http://testserver", follow_redirects=False)
        opened.append(client)
        if login:
            answer = client.post("/login", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return client

    yield start
    for client in opened:
        client.close()
