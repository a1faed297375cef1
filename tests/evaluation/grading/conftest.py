"""Cities at the end of their year, laid once a worker and home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Filling, Templates
from tests.evaluation.grading.cities import SHENZHEN, ZHANGJIAJIE, Plan, lay, open_laid
from tests.planning.city import City


def laid(home: str, templates: Templates, tmp_path: Path, plan: Plan) -> Iterator[City]:
    filling = Filling(f"graded-{plan.profile}", lambda url: lay(url, tmp_path / "laid", plan))
    with templates.copy(home, tmp_path, filling=filling) as url:
        city = open_laid(url, tmp_path / "data", plan.year)
        with city.client:
            yield city
        city.engine.database.close()


@pytest.fixture
def shenzhen(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    yield from laid(home, templates, tmp_path, SHENZHEN)


@pytest.fixture
def zhangjiajie(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    yield from laid(home, templates, tmp_path, ZHANGJIAJIE)
