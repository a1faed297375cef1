"""A graded city where one bureau did badly, laid once a worker and home."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.assembly import build_bindings
from api.library import library_files
from engine.clock import VirtualClock
from engine.runtime.engine import Engine
from engine.store import Database
from tests.databases import Filling, Templates
from tests.evaluation.grading.cities import SHENZHEN, after, lay, open_laid
from tests.evaluation.grading.work import grade
from tests.planning.city import City

ROOMS = ("processes/accountability/", "forms/library/accountability/")
WORST = dict.fromkeys(("electronic", "leaders", "survey", "epoll"), 50)
MARKS = {**SHENZHEN.marks, "A1": WORST, "B1": {**SHENZHEN.marks["B1"], "epoll": 90}}
PLAN = replace(SHENZHEN, marks=MARKS)


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of accountability."""
    return {name: content for name, content in library_files().items() if name.startswith(ROOMS)}


def deploy(url: str, year: int) -> None:
    """Deploy accountability into a laid city."""
    database = Database(url)
    Engine(database, clock=VirtualClock(after(year)), bindings=build_bindings()).deploy(library())
    database.close()


def _put(url: str, folder: Path) -> None:
    lay(url, folder, PLAN)
    deploy(url, PLAN.year)
    city = open_laid(url, folder, PLAN.year)
    with city.client:
        grade(city, PLAN.year)
    city.engine.database.close()


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Shenzhen 2010: 甲局 (a1) is graded 差, 乙局 (a2) is not; both have people."""
    filling = Filling("accountability", lambda url: _put(url, tmp_path / "laid"))
    with templates.copy(home, tmp_path, filling=filling) as url:
        city = open_laid(url, tmp_path / "laid", PLAN.year)
        with city.client:
            yield city
        city.engine.database.close()
