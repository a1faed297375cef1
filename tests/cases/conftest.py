"""Each case opens a copy of one laid city on the day on which it begins."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cases.city import opened
from tests.databases import Templates
from tests.evaluation.survey.conftest import city as city
from tests.evaluation.survey.conftest import sqlite_city as sqlite_city
from tests.feedback.conftest import graded as graded
from tests.planning.city import City


@pytest.fixture
def july_2017(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Monday 3 July 2017, nine o'clock: the targets of 2017 are in force."""
    with opened(home, templates, tmp_path, at=datetime(2017, 7, 3, 1, tzinfo=UTC)) as city:
        yield city


@pytest.fixture
def march_2018(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Thursday 1 March 2018: last year's opinions are to be handled, this year's projects to be declared."""
    with opened(home, templates, tmp_path, at=datetime(2018, 3, 1, 1, tzinfo=UTC)) as city:
        yield city
