"""The world fixture, on both databases."""

import pytest

from engine.store import Database
from tests.engine.runtime.world import World, build_world


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)
