"""The demonstration city, laid once a run and copied for each test, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import Database
from tests.databases import Templates
from tests.processes.city import LAID, City, open_city


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Planning is deployed, nothing has begun; everybody logs in with PASSWORD."""
    with templates.copy(home, tmp_path / "city", filling=LAID) as url:
        database = Database(url)
        yield open_city(database)
        database.close()
