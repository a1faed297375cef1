"""A graded city where one bureau did badly, laid once a worker and home."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from api.assembly import build_bindings
from api.library import library_files
from engine.clock import VirtualClock
from engine.runtime.engine import Engine
from engine.store import Database
from tests.databases import Filling, Templates
from tests.evaluation.grading.cities import SHENZHEN, Plan, after, lay, open_laid
from tests.evaluation.grading.work import grade
from tests.planning.city import City

ROOMS = ("processes/accountability/", "forms/library/accountability/")
WORST = dict.fromkeys(("electronic", "leaders", "survey", "epoll"), 50)
MARKS = {**SHENZHEN.marks, "A1": WORST, "B1": {**SHENZHEN.marks["B1"], "epoll": 90}}
PLAN = replace(SHENZHEN, marks=MARKS)
GOOD = replace(SHENZHEN, marks={**MARKS, "A1": SHENZHEN.marks["A1"]})


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of accountability."""
    return {name: content for name, content in library_files().items() if name.startswith(ROOMS)}


def deploy(url: str, year: int) -> None:
    """Deploy accountability into a laid city."""
    database = Database(url)
    Engine(database, clock=VirtualClock(after(year)), bindings=build_bindings()).deploy(library())
    database.close()


def _put(url: str, folder: Path, plan: Plan) -> None:
    lay(url, folder, plan)
    deploy(url, plan.year)
    city = open_laid(url, folder, plan.year)
    with city.client:
        grade(city, plan.year)
    city.engine.database.close()


@contextmanager
def _graded(home: str, templates: Templates, folder: Path, *, name: str, plan: Plan) -> Iterator[City]:
    filling = Filling(name, lambda url: _put(url, folder / "laid", plan))
    with templates.copy(home, folder, filling=filling) as url:
        city = open_laid(url, folder / "laid", plan.year)
        with city.client:
            yield city
        city.engine.database.close()


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Shenzhen 2010: 甲局 (a1) is graded 差, 乙局 (a2) is not; both have people."""
    with _graded(home, templates, tmp_path, name="accountability", plan=PLAN) as city:
        yield city


@pytest.fixture
def good_city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The same city in a year in which nobody did badly."""
    with _graded(home, templates, tmp_path, name="accountability-good", plan=GOOD) as city:
        yield city
