"""The machine's Chromium, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, expect, sync_playwright

# No sandbox: the tests may run as root. The rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


PATIENCE_MS = 30_000
"""How long a page may take on a busy machine before a test gives up; what is there is not waited for."""


def each(locator: Locator) -> list[Locator]:
    """All that match, once there are any: `Locator.all` alone looks at whatever page is still shown."""
    expect(locator.first).to_be_attached()
    return locator.all()


KNOWN_AS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What it is called, the cheapest first: the shell draws the same pages for half the processor time."""


def chromium_path() -> str | None:
    """Where Chromium is installed; ``BIHUAN_TEST_CHROMIUM`` wins."""
    named = os.environ.get("BIHUAN_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, KNOWN_AS)), None)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """A headless browser with an empty profile, closed at the end of the block."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()
