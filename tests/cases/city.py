"""The demonstration city with its whole library, behind its application: one template for every case."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from api.library import library_files
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.demo import build_demo
from tests.databases import Filling, Templates
from tests.planning.city import City, settings_for

YEAR = 2018
BEGIN = datetime(2018, 1, 2, 1, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
"""The smallest photograph that is taken for one."""


def lay(url: str) -> None:
    """The city of 2018 (2017 runs, its targets are issued) and everything deployed; nothing has begun."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, Path()))).hash(PASSWORD)
    with database.write() as connection:
        build_demo(connection, password_hash=kept, year=YEAR)
    Engine(database, clock=VirtualClock(BEGIN), bindings=build_bindings()).deploy(library_files())
    database.close()


FILLING = Filling("cases", lay)


@contextmanager
def opened(home: str, templates: Templates, folder: Path, *, at: datetime) -> Iterator[City]:
    """A copy of the laid city at a moment, with its application."""
    with templates.copy(home, folder, filling=FILLING) as url:
        clock = VirtualClock(at)
        engine = Engine(Database(url), clock=clock, bindings=build_bindings())
        app = create_app(settings_for(url, folder / "data"), engine)
        with TestClient(app, follow_redirects=False) as client:
            yield City(engine, clock, client)
        engine.database.close()


def page(city: City, login: str, path: str, status: int = 200) -> str:
    """A page as a person sees it; `""` is a citizen."""
    headers = {"accept": "text/html"}
    if login:
        headers = {**city.desk(login).headers, **headers}
    answer: Response = city.client.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def send(city: City, login: str, path: str, status: int = 303, **said: Any) -> Response:
    """Send a page's form as a person; `""` is a citizen. Then the engine does what follows."""
    headers = {"accept": "text/html"}
    if login:
        headers = {**city.desk(login).headers, **headers}
    answer: Response = city.client.post(path, headers=headers, **said)
    assert answer.status_code == status, answer.text
    city.settle()
    return answer


def attach(city: City, login: str, item_id: str, field: str, content: bytes, name: str) -> str:
    """Upload a file for a field of an open task; the file's id."""
    desk = city.desk(login)
    answer = city.client.post(
        f"/api/v1/work-items/{item_id}/files",
        files={"file": (name, content)},
        data={"field": field},
        headers=desk.headers,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
