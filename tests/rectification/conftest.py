"""The town, laid once a worker and home and copied for each test; and browsers before it."""

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
from tests.databases import Filling, Templates
from tests.processes.city import open_city
from tests.rectification.town import Town, lay_town

PASSWORD = "一句记得住的话 2018"
Browse = Callable[[str], TestClient]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Cheap passwords; few wrong codes an hour."""
    return Settings(
        database_url="sqlite://",
        data_dir=tmp_path / "data",
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
        public_comments_per_hour=20,
        public_codes_per_hour=3,
        log_level="error",
    )


@pytest.fixture
def town(home: str, templates: Templates, settings: Settings, tmp_path: Path) -> Iterator[Town]:
    """The demonstration city on 2018-02-01 with rectification deployed; people log in with PASSWORD."""

    def lay(url: str) -> None:
        database = Database(url)
        lay_town(database)
        kept = Passwords(password_rules(settings)).hash(PASSWORD)
        with database.write() as connection:
            connection.execute(update(UserAccount).values(password_hash=kept, must_change_password=False))
        database.close()

    folder = tmp_path / "town"
    folder.mkdir()
    with templates.copy(home, folder, filling=Filling("rectification-town", lay)) as url:
        database = Database(url)
        yield Town(open_city(database))
        database.close()


@pytest.fixture
def browse(town: Town, settings: Settings) -> Iterator[Browse]:
    """`browse("u33.liaison")`: a browser in which that person is logged in; `browse("")`: a citizen."""
    app = create_app(settings, town.city.engine)
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
