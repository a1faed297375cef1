"""The town, laid once a worker and home and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import Database
from processes.demo import Demo
from tests.databases import Filling, Templates, require
from tests.decomposition.town import Town, lay_town
from tests.processes.city import open_city

_LAID: dict[str, Demo] = {}
"""What was laid into the template of each home; its copies hold the same."""


def open_town(home: str, templates: Templates, folder: Path) -> Iterator[Town]:
    """A copy of the town on a home."""

    def lay(url: str) -> None:
        database = Database(url)
        _LAID[home] = lay_town(database)
        database.close()

    with templates.copy(home, folder, filling=Filling("decomposition-town", lay)) as url:
        database = Database(url)
        yield Town(open_city(database, _LAID[home]))
        database.close()


@pytest.fixture
def town(templates: Templates, tmp_path: Path) -> Iterator[Town]:
    """The town on SQLite, 2018-02-01."""
    yield from open_town("sqlite", templates, tmp_path)


@pytest.fixture
def town_at(home: str, templates: Templates, tmp_path: Path) -> Iterator[Town]:
    """The town on each home."""
    require(home)
    yield from open_town(home, templates, tmp_path)
