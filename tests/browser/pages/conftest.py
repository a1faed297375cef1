"""The small city of the engine's tests, served on a free port."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.api.diagrams import TWO_STEPS
from tests.browser.chromium import PATIENCE_MS
from tests.browser.serving import PASSWORD, living, served_at
from tests.databases import Templates
from tests.engine.runtime.world import World

LogIn = Callable[..., Page]


@dataclass(frozen=True)
class Served:
    """The city and where it is served."""

    url: str
    world: World


@pytest.fixture
def served(templates: Templates, tmp_path: Path) -> Iterator[Served]:
    """A city in which one task waits for 张玲."""
    with templates.copy("sqlite", tmp_path) as url, living(url, tmp_path) as (settings, world):
        world.deploy(planning=TWO_STEPS)
        world.start()
        with served_at(settings, world) as address:
            yield Served(address, world)


@pytest.fixture
def log_in(chromium: Browser, served: Served) -> Iterator[LogIn]:
    """`log_in("ling", width=390, scripts=False)`: a page of that person at the inbox.

    Any error that a script or the content policy raises fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(login: str, *, width: int = 1440, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=served.url,
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit].btn-primary")
        page.wait_for_url("**/inbox")
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []
