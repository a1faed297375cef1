"""A graded city, laid once a worker and home: the year's grading is done, feedback has begun."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Filling, Templates
from tests.evaluation.grading.cities import SHENZHEN, lay, open_laid
from tests.evaluation.grading.work import grade, start
from tests.planning.city import City

MARKS = {**SHENZHEN.marks, "B1": {**SHENZHEN.marks["B1"], "epoll": 90}}
PLAN = replace(SHENZHEN, marks=MARKS)


def _put(url: str, folder: Path) -> None:
    lay(url, folder, PLAN)
    city = open_laid(url, folder, PLAN.year)
    with city.client:
        grade(city, PLAN.year)
        start(city, PLAN.year, "feedback_publicity")
    city.engine.database.close()


@pytest.fixture
def graded(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """甲局 (a1) and 乙局 (a2) have people; every unit has its score sheet."""
    filling = Filling("feedback", lambda url: _put(url, tmp_path / "laid"))
    with templates.copy(home, tmp_path, filling=filling) as url:
        city = open_laid(url, tmp_path / "laid", PLAN.year)
        with city.client:
            yield city
        city.engine.database.close()
