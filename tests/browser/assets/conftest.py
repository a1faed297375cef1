"""Fixtures: the workbench, and a page on it that fails the test on a script error or a broken policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.assets.workbench import Workbench, open_workbench
from tests.browser.chromium import PATIENCE_MS


@pytest.fixture
def workbench() -> Iterator[Workbench]:
    with open_workbench() as bench:
        yield bench


@pytest.fixture
def page(chromium: Browser, workbench: Workbench) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=workbench.address, viewport={"width": 1440, "height": 900}, locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
    yield opened
    context.close()
    assert errors == []
