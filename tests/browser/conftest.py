"""Fixtures of the browser tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium_path, open_chromium

STATIC = Path(__file__).parents[2] / "api" / "static"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for the whole run; each test opens its own context or page."""
    if chromium_path() is None:
        sentence = "Chromium is not installed: apt-get install chromium"
        pytest.fail(sentence) if os.environ.get("CI") == "true" else pytest.skip(sentence)
    if not (STATIC / "manifest.json").exists():
        pytest.fail("The browser code is not built: make assets")
    with open_chromium() as browser:
        yield browser
