"""The city at the end of its year: laid once a run and home, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Filling, Templates, require
from tests.evaluation.survey.city import SurveyCity, lay_city, open_city

FILLING = Filling("survey-city", lay_city)


@pytest.fixture
def city(home: str, templates: Templates, tmp_path: Path) -> Iterator[SurveyCity]:
    """On both databases."""
    yield from _opened(home, templates, tmp_path)


@pytest.fixture
def sqlite_city(templates: Templates, tmp_path: Path) -> Iterator[SurveyCity]:
    """On SQLite only: for what does not differ between the two."""
    require("sqlite")
    yield from _opened("sqlite", templates, tmp_path)


def _opened(home: str, templates: Templates, tmp_path: Path) -> Iterator[SurveyCity]:
    with templates.copy(home, tmp_path, filling=FILLING) as url:
        city = open_city(url)
        yield city
        city.engine.database.close()
