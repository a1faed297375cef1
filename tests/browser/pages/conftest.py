"""The small city of the engine's tests, served on a free port."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from api.app import create_app
from api.assembly import check_form
from api.house import password_rules
from api.settings import Settings
from engine.people.calendar import seed_calendar
from engine.people.login import set_password
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from engine.work.bindings import Bindings
from tests.api.diagrams import TWO_STEPS
from tests.browser.chromium import PATIENCE_MS
from tests.databases import Templates
from tests.engine.runtime.world import World, build_world

PASSWORD = "bihuan-2018"
LogIn = Callable[..., Page]


class Announced(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@dataclass(frozen=True)
class Served:
    """The city and where it is served."""

    url: str
    world: World


@pytest.fixture
def served(templates: Templates, tmp_path: Path) -> Iterator[Served]:
    """A city in which one task waits for 张玲."""
    with templates.copy("sqlite", tmp_path) as url:
        database = Database(url)
        settings = Settings(
            database_url=url, data_dir=tmp_path, argon2_time=1, argon2_memory_kib=8, argon2_parallelism=1,
            log_level="error",
        )  # fmt: skip
        world = build_world(database)
        world.engine = Engine(
            database, clock=world.clock, bindings=Bindings(services={}, records={}, check_form=check_form)
        )
        kept = Passwords(password_rules(settings)).hash(PASSWORD)
        with database.write() as connection:
            seed_calendar(connection, world.units["C0"], [date(2018, 1, 1).year])
            for user_id in world.people.values():
                set_password(connection, user_id, kept, must_change=False)
        world.deploy(planning=TWO_STEPS)
        world.start()
        with _serving(settings, world) as served:
            yield served
        database.close()


class _serving:  # noqa: N801
    def __init__(self, settings: Settings, world: World) -> None:
        self.world = world
        self.door = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(settings, world.engine), log_config=None, lifespan="off")
        self.server = Announced(config)
        self.thread = Thread(target=self.server.run, kwargs={"sockets": [self.door]}, daemon=True)

    def __enter__(self) -> Served:
        self.thread.start()
        assert self.server.ready.wait(20), "the server did not start"
        return Served(f"http://127.0.0.1:{self.door.getsockname()[1]}", self.world)

    def __exit__(self, *_what: object) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(20)
        self.door.close()


@pytest.fixture
def log_in(chromium: Browser, served: Served) -> Iterator[LogIn]:
    """`log_in("ling", width=390, scripts=False)`: a page of that person at the inbox.

    Any error that a script or the content policy raises fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(login: str, *, width: int = 1440, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=served.url,
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit].btn-primary")
        page.wait_for_url("**/inbox")
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []
