"""People at browsers of their own: what each of them sees and presses."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from api.commands.demo import PASSWORD
from tests.browser.chromium import PATIENCE_MS
from tests.browser.planning.site import Site

DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@dataclass
class Person:
    """Somebody with a browser of their own; remembers what went wrong in it."""

    site: Site
    context: BrowserContext
    page: Page
    login: str
    troubles: list[str]

    def log_in(self) -> None:
        """With name and password, as people do; ends at the inbox."""
        self.page.goto(f"{self.site.url}/login")
        self.page.get_by_label("用户名").fill(self.login)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page).to_have_url(re.compile("/inbox"))

    def go(self, path: str) -> None:
        """To a page of the site."""
        self.page.goto(self.site.url + path)

    def row(self, step: str, subject: str = "", *, tab: str = "mine") -> Locator:
        """The one row of the inbox at a step (about a unit)."""
        self.go(f"/inbox?tab={tab}")
        row = self.page.locator("tr[data-row]", has_text=step).filter(has_text=subject)
        expect(row).to_have_count(1)
        return row

    def open(self, step: str, subject: str = "") -> None:
        """From the inbox to a task, as people go."""
        self.row(step, subject).get_by_role("link").first.click()
        expect(self.page).to_have_url(re.compile("/tasks/"))  # the inbox, too, shows the step's name
        expect(self.page.get_by_text(step, exact=True).first).to_be_visible()

    def claim(self, step: str, subject: str = "") -> None:
        """认领 from the list; ends at the task."""
        self.row(step, subject, tab="claimable").get_by_role("button", name="认领").click()
        expect(self.page.get_by_text("已认领")).to_be_visible()

    def press(self, label: str) -> None:
        """A button of the bar at the bottom."""
        self.page.locator(".action-bar").get_by_role("button", name=label, exact=True).click()

    def submitted(self) -> None:
        """The page says that it went through; then the engine does what follows."""
        expect(self.page.get_by_text("已提交。")).to_be_visible()
        self.site.settle()

    def finish(self, label: str = "提交") -> None:
        """Press, and see it go through."""
        self.press(label)
        self.submitted()

    def send_back(self, to: str, reason: str) -> None:
        """退回 through its own page."""
        self.press("退回")
        self.page.get_by_role("radio", name=re.compile(to)).check()
        self.page.get_by_label("理由").fill(reason)
        self.press("退回")
        self.submitted()

    def steps(self) -> list[str]:
        """The titles and steps that wait, as the inbox shows them."""
        self.go("/inbox")
        return self.page.locator("tr[data-row]").all_inner_texts()


@dataclass
class People:
    """Everybody who has come so far, each in a context of their own."""

    site: Site
    browser: Browser
    known: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Person:
        """The person at a desk; who comes for the first time logs in."""
        return self.on(DESK, login)

    def on_phone(self, login: str) -> Person:
        """The person on a phone of 390 by 844 with touch."""
        return self.on(PHONE, login, place="phone")

    def on(self, device: dict[str, Any], login: str, *, place: str = "desk") -> Person:
        """The person on some device."""
        key = f"{login}@{place}"
        if key not in self.known:
            self.known[key] = self.somebody(device, login)
            self.known[key].log_in()
        return self.known[key]

    def somebody(self, device: dict[str, Any], login: str = "") -> Person:
        """A fresh browser in which nobody has logged in."""
        context = self.browser.new_context(locale="zh-CN", reduced_motion="reduce", **device)
        context.set_default_timeout(PATIENCE_MS)
        troubles: list[str] = []
        page = context.new_page()
        watch(page, troubles)
        person = Person(self.site, context, page, login, troubles)
        self.known.setdefault(f"{login}#{len(self.known)}", person)
        return person

    def leave(self) -> list[str]:
        """Close every browser; what went wrong in them."""
        found = [f"{person.login}: {text}" for person in self.known.values() for text in person.troubles]
        for context in {id(person.context): person.context for person in self.known.values()}.values():
            context.close()
        return sorted(set(found))


def watch(page: Page, troubles: list[str]) -> None:
    """Keep what a page's scripts complain about, and answers that no page may give."""
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: (
            troubles.append(f"console: {said.text}")
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: troubles.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
    )
