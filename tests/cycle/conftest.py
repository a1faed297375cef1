"""The demonstration city on 2 January 2018, everything deployed and nothing begun."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cases.city import opened
from tests.databases import Templates
from tests.planning.city import City

MORNING = datetime(2018, 1, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    with opened(home, templates, tmp_path, at=MORNING) as found:
        yield found
