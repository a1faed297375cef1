"""A city of three planning units on a real server, with a clock that tests set."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from sqlalchemy import text

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import BEGINS, PASSWORD
from api.house import password_rules
from api.library import library_files
from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.running import engine_cycle
from processes.demo import build_demo

UNITS = {"u13": "市发改委", "u20": "市旅委", "u39": "市环保局"}
"""The pilot: what the log-ins begin with, and the units' names."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


def settings_for(url: str, folder: Path) -> Settings:
    """Cheap passwords and a quiet log; everything else as it is delivered."""
    return Settings(
        database_url=url,
        data_dir=folder,
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
        log_level="error",
    )


def lay_city(url: str, folder: Path) -> None:
    """The demonstration city, the library deployed, planning announced to three units."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, folder))).hash(PASSWORD)
    engine = Engine(database, clock=VirtualClock(BEGINS), bindings=build_bindings())
    engine.deploy(library_files())
    with database.write() as connection:
        made = build_demo(connection, password_hash=kept, year=2018)
    database.close()
    start_planning(url, made.cycles[2018])


def start_planning(url: str, cycle_id: str) -> None:
    """Announce a cycle's planning to the pilot's units."""
    database = Database(url)
    engine = Engine(database, clock=VirtualClock(BEGINS), bindings=build_bindings())
    with database.write() as connection:
        codes = [code.upper() for code in UNITS]
        cycle = engine_cycle(connection, cycle_id)
        engine.start_in(connection, "plan_setting", cycle=cycle, variables={"unitCodes": codes})
    engine.drain()
    database.close()


@dataclass(frozen=True)
class Site:
    """The served city. `settle` lets the engine do what has become due, as the runner would."""

    url: str
    engine: Engine
    clock: VirtualClock

    @property
    def address(self) -> str:
        """Where its database is, with the password."""
        return self.engine.database.url.render_as_string(hide_password=False)

    def settle(self) -> None:
        """Everything that is due is done when this returns."""
        self.engine.drain()

    def at(self, day: date, hour: int = 9) -> None:
        """Go on to a day's hour in the city."""
        moment = datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
        self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
        self.settle()

    def rows(self, sql: str, **values: object) -> list[Mapping[str, Any]]:
        """Rows as they are stored."""
        with self.engine.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def scalar(self, sql: str, **values: object) -> Any:
        """One stored value."""
        with self.engine.database.read() as connection:
            return connection.execute(text(sql), values).scalar()

    def unit_id(self, name: str) -> str:
        """A unit by its name."""
        return str(self.scalar("select id from unit where name = :name", name=name))


@contextmanager
def serve(url: str, folder: Path) -> Iterator[Site]:
    """The application on a free port of this machine, in a thread of its own."""
    settings = settings_for(url, folder)
    clock = VirtualClock(BEGINS)
    engine = Engine(Database(url), clock=clock, bindings=build_bindings())
    # Named as TCP, since asyncio sends small answers at once only then.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        app = create_app(settings, engine)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5
        )
        server = Announced(config)
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        assert server.ready.wait(20), "the server did not start"
        try:
            yield Site(f"http://127.0.0.1:{door.getsockname()[1]}", engine, clock)
        finally:
            server.should_exit = True
            thread.join(20)
            engine.database.close()


class Announced(uvicorn.Server):
    """A server that tells when it takes requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.ready.set()
