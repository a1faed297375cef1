"""The small town of the engine's tests behind a real server, with a password for everybody in it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn

from api.app import create_app
from api.assembly import check_form
from api.house import password_rules
from api.settings import Settings
from engine.people.calendar import seed_calendar
from engine.people.login import set_password
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.others import working_off
from engine.work.bindings import Bindings
from tests.browser.planning.site import Announced
from tests.engine.runtime.world import World, build_world

PASSWORD = "bihuan-2018"


@contextmanager
def living(url: str, folder: Path) -> Iterator[tuple[Settings, World]]:
    """The town in the database at `url`: forms are checked, and everybody may log in."""
    database = Database(url)
    settings = Settings(
        database_url=url, data_dir=folder, argon2_time=1, argon2_memory_kib=8, argon2_parallelism=1,
        log_level="error",
    )  # fmt: skip
    world = build_world(database)
    bindings = Bindings(services={}, records={}, check_form=check_form, jobs=working_off.JOBS)
    world.engine = Engine(database, clock=world.clock, bindings=bindings)
    kept = Passwords(password_rules(settings)).hash(PASSWORD)
    with database.write() as connection:
        seed_calendar(connection, world.units["C0"], [2018])
        for user_id in world.people.values():
            set_password(connection, user_id, kept, must_change=False)
    yield settings, world
    database.close()


@contextmanager
def served_at(settings: Settings, world: World) -> Iterator[str]:
    """The address of a server on a free port."""
    # Named as TCP, since asyncio sends small answers at once only then.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(settings, world.engine), log_config=None, lifespan="off")
        server = Announced(config)
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        assert server.ready.wait(20), "the server did not start"
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(20)
