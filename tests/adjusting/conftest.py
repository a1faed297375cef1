"""The city in May 2017: laid once a worker and home, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adjusting.city import ChangeCity, lay_city, open_city
from tests.databases import Filling, Templates, require

FILLING = Filling("changing-city", lay_city)


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[ChangeCity]:
    """On both databases."""
    yield from _opened(home, templates, tmp_path)


@pytest.fixture
def sqlite_city(templates: Templates, tmp_path: Path) -> Iterator[ChangeCity]:
    """On SQLite only: for what does not differ between the two."""
    require("sqlite")
    yield from _opened("sqlite", templates, tmp_path)


def _opened(home: str, templates: Templates, tmp_path: Path) -> Iterator[ChangeCity]:
    with templates.copy(home, tmp_path, filling=FILLING) as url:
        opened = open_city(url)
        yield opened
        opened.engine.database.close()
