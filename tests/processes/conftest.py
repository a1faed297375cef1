"""The city, on both databases."""

import pytest

from engine.store import Database
from tests.processes.city import City, build_city


@pytest.fixture
def city(database: Database) -> City:
    return build_city(database)
