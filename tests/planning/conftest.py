"""Cities on both databases: laid once a run, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Filling, Templates
from tests.planning.city import City, lay_whole_city
from tests.planning.laid import copied, small_city_in


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The demonstration city as `bihuan demo` leaves it, behind its application."""
    filling = Filling("city", lambda url: lay_whole_city(url, tmp_path / "laid"))
    with copied(templates, home, tmp_path, filling) as opened:
        yield opened


@pytest.fixture
def small_city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The same city, where planning has begun for three units only: 市发改委, 市旅委, 市环保局."""
    with copied(templates, home, tmp_path, small_city_in(tmp_path)) as opened:
        yield opened
