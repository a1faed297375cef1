"""A small town behind a real server: whoever comes has a browser of their own, with many tabs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from engine.runtime.setup import ENGINE, Actor
from engine.verbs.door import act
from engine.verbs.instance_door import act_upon
from engine.verbs.visit import Request
from tests.browser.chromium import PATIENCE_MS
from tests.browser.serving import PASSWORD, living, served_at
from tests.databases import Templates
from tests.engine.runtime.world import WORLD, World

DESK, PHONE = 1440, 390


@dataclass
class Town:
    """The served town, its people's browsers, and what went wrong in them."""

    url: str
    world: World
    browser: Browser
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def tab(self, login: str, path: str = "") -> Page:
        """One more tab in somebody's browser, at a page; who comes for the first time logs in."""
        if login not in self.contexts:
            self.contexts[login] = self.stranger()
            self.log_in(self.contexts[login].new_page(), login)
        page = self.contexts[login].new_page()
        if path:
            page.goto(path)
        return page

    def stranger(self) -> BrowserContext:
        """A fresh browser in which nobody has logged in."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": DESK, "height": 844},
            locale="zh-CN",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self._watch)
        return context

    def log_in(self, page: Page, login: str) -> None:
        """With name and password, from wherever the page asks for them; it ends where the log-in leads."""
        name = page.get_by_label("用户名")
        if name.count() == 0:
            page.goto("/login")
        name.fill(login)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(name).to_have_count(0)

    def close_tabs(self) -> None:
        """Every tab of everybody; the sessions stay."""
        for context in self.contexts.values():
            for page in context.pages:
                page.close()

    def leave(self) -> None:
        """Everybody goes."""
        for context in self.contexts.values():
            context.close()
        self.contexts.clear()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on(
            "response",
            lambda got: self.troubles.append(f"{got.status} {got.url}") if got.status >= 500 else None,
        )
        page.on(
            "console",
            lambda said: (
                self.troubles.append(f"{page.url}: {said.text}")
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )

    def begin(self, process: str, *, by: str = "") -> str:
        """Start an instance about 市旅游委员会; its id."""
        actor = Actor(self.world.people[by], by) if by else ENGINE
        given = {"unit": self.world.unit("U1")}
        engine = self.world.engine
        found = engine.start(process, cycle=self.world.cycle, variables=given, by=actor)
        engine.drain()
        return found

    def item(self, instance: str, holder: str = "") -> Mapping[str, Any]:
        """The one open item of an instance (in `holder`'s list): id, lock_version, element_id."""
        if holder:
            mine = [row for row in self.world.inbox(holder) if row.instance_id == instance]
            rows = [{"id": row.item_id, **row.__dict__} for row in mine]
        else:
            sql = "select id, lock_version, element_id from work_item where instance_id = :instance"
            rows = [dict(row) for row in self.rows(sql, instance=instance)]
        assert len(rows) == 1, rows
        return rows[0]

    def do(self, login: str, verb: str, instance: str, *, holder: str = "", **said: Any) -> None:
        """A verb upon the instance's open item (of `holder`), at the door."""
        item = self.item(instance, holder)
        asked = Request(**{"version": item["lock_version"], **said})
        act(self.world.engine, self.world.person(login), item["id"], verb, asked)
        self.world.engine.drain()

    def upon(self, login: str, verb: str, instance: str, **said: Any) -> None:
        """A verb upon the instance, at the door."""
        act_upon(self.world.engine, self.world.person(login), instance, verb, Request(**said))
        self.world.engine.drain()

    def rows(self, sql: str, **values: object) -> list[Mapping[str, Any]]:
        """Rows as they are stored."""
        with self.world.engine.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def said(self, instance: str) -> list[str]:
        """The verbs of an instance's history, in order."""
        return [row[0] for row in self.world.said(instance)]


@contextmanager
def open_town(
    home: str, templates: Templates, folder: Path, browser: Browser, files: Mapping[str, bytes]
) -> Iterator[Town]:
    """A town in which the `files` are deployed, and its server."""
    with templates.copy(home, folder, filling=WORLD) as url, living(url, folder) as (settings, world):
        world.engine.deploy(dict(files))
        with served_at(settings, world) as address:
            town = Town(address, world, browser)
            yield town
            town.leave()
