"""Fixtures that every room uses, and the closing lines that say how much ran where."""

import gc
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.store import Database
from tests.browser.chromium import chromium_path, open_chromium
from tests.databases import HOMES, Templates, require
from tests.temporary import lie_in_memory

LONG = frozenset(
    {"browser", "cases", "chaos", "commands", "cycle", "docs", "planning", "rest_round", "simulation"}
)
"""Folders with tests of many seconds. They begin, so that no worker is left alone with one at the end."""
STATIC = Path(__file__).parents[1] / "api" / "static"


def pytest_configure() -> None:
    lie_in_memory()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded stays: the collector of garbage need not look at it while it comes, nor ever again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Laid once a run: the workers of one share the folder that is above their own."""
    own = tmp_path_factory.getbasetemp()
    return Templates((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "templates")


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    require(request.param)
    return str(request.param)


@pytest.fixture
def database_url(home: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database on each home."""
    with templates.copy(home, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database on each home."""
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for the whole run of a worker; each test opens its own context or page."""
    if chromium_path() is None:
        sentence = "Chromium is not installed: apt-get install chromium"
        pytest.fail(sentence) if os.environ.get("CI") == "true" else pytest.skip(sentence)
    if not (STATIC / "manifest.json").exists():
        pytest.fail("The browser code is not built: make assets")
    with open_chromium() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in item.nodeid or "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.nodeid.split("/")[1] not in LONG)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    if call.when == "call":
        item.user_properties.append(("where", _where(item)))


def _where(item: pytest.Item) -> str:
    places = ["browser"] if item.get_closest_marker("browser") else []
    callspec = getattr(item, "callspec", None)
    home = callspec.params.get("home") if callspec else None
    return ",".join([*places, *([home] if home else [])]) or "plain"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ran = Counter(
        place
        for report in terminalreporter.stats.get("passed", [])
        if report.when == "call"
        for key, value in report.user_properties
        if key == "where"
        for place in value.split(",")
    )
    terminalreporter.write_line(
        f"passed on SQLite: {ran['sqlite']}, on PostgreSQL: {ran['postgresql']}, "
        f"in the browser: {ran['browser']}, without a database: {ran['plain']}"
    )
