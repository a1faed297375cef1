"""A small city in the virtual year's first days, behind a real server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from api.library import library_files
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.profile import load_profile
from processes.simulation.chance import Chance
from processes.simulation.city import VirtualCity, begins, found_city
from tests.browser.planning.people import People
from tests.browser.planning.site import Site, serve, settings_for
from tests.browser.year.one_desk import OneDesk
from tests.databases import Filling, Templates, require

YEAR = 2018


@dataclass(frozen=True)
class Sure(Chance):
    """Chance as it falls, but every unit has an innovation to show, and papers are in order."""

    def happens(self, likely: float, *names: object) -> bool:
        """As drawn, but for who applies."""
        return names[0] == "innovation" or super().happens(likely, *names)


@dataclass(frozen=True)
class Round:
    """Who takes part in the round, and where."""

    site: Site
    city: VirtualCity
    chance: Chance


@pytest.fixture
def round_of_three(templates: Templates, tmp_path: Path) -> Iterator[Round]:
    """Three units of the plan, everybody on their posts; nothing has begun."""
    home, chance = "sqlite", Sure(7)
    require(home)
    library = Filling("library", _lay_library)
    with templates.copy(home, tmp_path, filling=library) as url, serve(url, tmp_path / "data") as site:
        site.clock.set(begins(YEAR))
        kept = Passwords(password_rules(settings_for(url, tmp_path))).hash(PASSWORD)
        with site.engine.database.write() as connection:
            profile = load_profile("hangzhou_13fyp")
            city = found_city(connection, profile, units=3, year=YEAR, chance=chance, password_hash=kept)
        yield Round(site, city, chance)


@pytest.fixture
def people(round_of_three: Round, chromium: Browser) -> Iterator[People]:
    """Everybody's browsers; at the end none of them may have met a fault of ours."""
    everybody = OneDesk(round_of_three.site, chromium)
    yield everybody
    assert everybody.leave() == []


def _lay_library(url: str) -> None:
    database = Database(url)
    Engine(database, clock=VirtualClock(begins(YEAR)), bindings=build_bindings()).deploy(library_files())
    database.close()
