"""Citizens at the open pages: one speaks, follows and judges by code, one answers the survey."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from processes.rectification.following import STATES
from processes.simulation.citizens import OPINIONS, Citizens
from tests.browser.chromium import each
from tests.browser.planning.people import DESK, People, Person

FIRST = 0


@dataclass
class Public(Citizens):
    """Of what citizens do on open pages, the first is done at a browser that nobody logged in to."""

    people: People = field(kw_only=True)
    code: str = ""
    """What the page gave to the citizen who spoke first."""
    judged: bool = False
    _browser: Person | None = None

    def _speak(self, number: int) -> None:
        if number != FIRST:
            super()._speak(number)
            return
        page = self._page("/public/say")
        unit = self._somebody("speaks", number)
        page.locator("[name=unit_id]").select_option(unit.id)
        page.locator("[name=text]").fill(OPINIONS[number])
        page.get_by_role("button", name="提交").click()
        self.code = page.locator("[data-code]").inner_text()
        self.opinions += 1
        self._ask_again(self.code, number, turn=1)

    def _follow(self, code: str, number: int, turn: int) -> None:
        if number != FIRST or self.judged:
            super()._follow(code, number, turn)
            return
        page = self.follow()
        verdict = page.get_by_role("radio", name="已解决", exact=True)
        if verdict.count():
            verdict.check()
            page.get_by_role("button", name="提交评价").click()
            expect(page.get_by_text("您的评价：已解决")).to_be_visible()
            self.judged = True
        elif page.get_by_role("heading", name=STATES["closed"]).count():
            return
        self._ask_again(code, number, turn=turn + 1)

    def follow(self) -> Page:
        """What the page says to who has the first code."""
        page = self._page("/public/follow")
        page.get_by_label("查询码").fill(self.code)
        with page.expect_navigation():
            page.get_by_role("button", name="查进展").click()
        return page

    def _answer(self, units: list[str], layer: int, number: int, code: str) -> None:
        if self.sheets:
            super()._answer(units, layer, number, code)
            return
        page = self._page("/public/survey")
        page.get_by_label("答题码").fill(code)
        page.get_by_role("button", name="开始作答").click()
        for unit in each(page.locator("fieldset.card")):
            unit.locator("input[type=radio]").first.check()
        page.get_by_role("button", name="提交答卷").click()
        expect(page.get_by_role("button", name="提交答卷")).to_have_count(0)
        assert "/public/survey" in page.url
        self.sheets += 1

    def _page(self, path: str) -> Page:
        if self._browser is None:
            self._browser = self.people.somebody(DESK)
        self._browser.go(path)
        return self._browser.page
