"""Cities at the turn of the year: laid once a worker and home, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Filling, Templates
from tests.evaluation.city import City, lay_city, open_city


@pytest.fixture
def turn(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The city on each home."""
    with templates.copy(home, tmp_path, filling=Filling("turn-of-the-year", lay_city)) as url:
        city = open_city(url)
        yield city
        city.engine.database.close()


@pytest.fixture
def turn_sqlite(templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The city on SQLite only, for what does not depend on the database."""
    with templates.copy("sqlite", tmp_path, filling=Filling("turn-of-the-year", lay_city)) as url:
        city = open_city(url)
        yield city
        city.engine.database.close()
