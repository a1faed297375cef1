"""The pilot city behind a real server, and people who come to it with browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.planning.people import People
from tests.browser.planning.site import Site, lay_city, serve
from tests.databases import Filling, Templates, require


@pytest.fixture(params=["sqlite"])
def home(request: pytest.FixtureRequest) -> str:
    """SQLite; what is shown on PostgreSQL too asks for it itself."""
    require(str(request.param))
    return str(request.param)


@pytest.fixture
def site(home: str, templates: Templates, tmp_path: Path) -> Iterator[Site]:
    """Three units whose planning has just been announced."""
    filling = Filling("pilot", lambda url: lay_city(url, tmp_path / "laid"))
    with templates.copy(home, tmp_path, filling=filling) as url, serve(url, tmp_path / "data") as site:
        yield site


@pytest.fixture
def people(site: Site, chromium: Browser) -> Iterator[People]:
    """Everybody's browsers; at the end none of them may have met a fault of ours."""
    everybody = People(site, chromium)
    yield everybody
    assert everybody.leave() == []
