"""Cities on both databases: laid once a worker and home, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Filling, Templates
from tests.planning.city import City, lay_small_city, lay_whole_city, open_city

SMALL = ["U13", "U20", "U39"]


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The demonstration city as `bihuan demo` leaves it, behind its application."""
    filling = Filling("city", lambda url: lay_whole_city(url, tmp_path / "laid"))
    with templates.copy(home, tmp_path, filling=filling) as url:
        opened = open_city(url, tmp_path / "data")
        with opened.client:
            yield opened
        opened.engine.database.close()


@pytest.fixture
def small_city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The same city, where planning has begun for three units only: 市发改委, 市旅委, 市环保局."""
    filling = Filling("small-city", lambda url: lay_small_city(url, tmp_path / "laid", codes=SMALL))
    with templates.copy(home, tmp_path, filling=filling) as url:
        opened = open_city(url, tmp_path / "data")
        with opened.client:
            yield opened
        opened.engine.database.close()
