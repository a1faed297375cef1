"""A city of 49 units in the virtual year's first days, behind the real application."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from api.library import library_files
from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.profile import load_profile
from processes.simulation.chance import Chance
from processes.simulation.city import VirtualCity, begins, found_city
from tests.databases import Filling, Templates, require
from tests.rest_round.callers import Callers, callers_of

PROFILE = "zhangjiajie_2009"
YEAR = 2009
UNITS = 49
SEED = 7


@dataclass(frozen=True)
class Round:
    """Who takes part in the round, and where."""

    engine: Engine
    clock: VirtualClock
    city: VirtualCity
    chance: Chance
    callers: Callers
    files: Path


def lay_library(url: str) -> None:
    """The product's own diagrams, decisions and forms."""
    database = Database(url)
    Engine(database, clock=VirtualClock(begins(YEAR)), bindings=build_bindings()).deploy(library_files())
    database.close()


LIBRARY = Filling("library-2009", lay_library)


@contextmanager
def round_of_49(home: str, templates: Templates, folder: Path) -> Iterator[Round]:
    """Everybody on their posts with a password; nothing has begun."""
    require(home)
    with templates.copy(home, folder, filling=LIBRARY) as url:
        database, clock, chance = Database(url, durable=False), VirtualClock(begins(YEAR)), Chance(SEED)
        engine = Engine(database, clock=clock, bindings=build_bindings())
        settings = settings_for(url, folder / "data")
        kept = Passwords(password_rules(settings)).hash(PASSWORD)
        with database.write() as connection:
            city = found_city(
                connection, load_profile(PROFILE), units=UNITS, year=YEAR, chance=chance, password_hash=kept
            )
        with callers_of(create_app(settings, engine), city) as callers:
            yield Round(engine, clock, city, chance, callers, settings.files_dir)
        database.close()


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
