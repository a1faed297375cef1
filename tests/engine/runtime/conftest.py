"""The world, on both databases: its people and units are laid once a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import Database
from tests.databases import Templates
from tests.engine.runtime.world import WORLD, World, build_world


@pytest.fixture
def database_url(home: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a copy of the world on each home."""
    with templates.copy(home, tmp_path, filling=WORLD) as url:
        yield url


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)
