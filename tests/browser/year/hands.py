"""The people of the virtual city, of whom somebody does every kind of step once at a browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from playwright.sync_api import expect

from engine.people.persons import Person as Citizen
from engine.verbs.showing.view import ItemView, view
from processes.simulation.desk import OpenItem
from processes.simulation.tasks import Reply, Task
from processes.simulation.working import Workers
from tests.browser.chromium import each
from tests.browser.planning.people import People, Person
from tests.browser.year.filling import SENT, fill_form

BALLOT = ("leader_ballot", "cast_ballot")
FINISHING = ("", "complete")
RETURN = "return"
"""Sending back has a page and tests of its own; here the corrected paper is what is handed in by hand."""


@dataclass
class Hands(Workers):
    """Workers who do a step at a browser when nobody has done it there yet.

    `by_hand` tells who did each step, `posts` at which post.
    """

    people: People = field(kw_only=True)
    by_hand: dict[tuple[str, str], str] = field(default_factory=dict)
    posts: set[str] = field(default_factory=set)
    at_browser: bool = False

    def do(self, item: OpenItem) -> None:
        """As everybody does it, at a browser where it is the first of its kind."""
        self.at_browser = item.step not in self.by_hand
        try:
            super().do(item)
        finally:
            self.at_browser = False

    def paper(self, task: Task, name: str) -> str:
        """A file: at a browser it is chosen on the page, else it is kept as its page would."""
        return f"{SENT}{name}" if self.at_browser else self.upload(task, name)

    def _open(self, person: Citizen, item: OpenItem) -> ItemView:
        shown = view(self.engine, person, item.id)
        if not self.at_browser or "claim" not in shown.verbs:
            return super()._open(person, item)
        browser = self._at(person, item, tab="claimable")
        browser.press("认领")
        expect(browser.page.get_by_text("已认领")).to_be_visible()
        self.acts["claim"] += 1
        return view(self.engine, person, item.id)

    def _answer(self, item: OpenItem, shown: ItemView, person: Citizen) -> None:
        if not (self.at_browser and item.step == BALLOT):
            super()._answer(item, shown, person)
            return
        browser = self._at(person, item)
        cast_ballot(browser)
        self._note(item, person, "complete")

    def _hand_in(self, task: Task, person: Citizen) -> None:
        task = replace(task, upload=self.paper)
        if not self.at_browser:
            super()._hand_in(task, person)
            return
        reply = self.book.answer(task)
        if reply.verb not in FINISHING or reply.outcome == RETURN:
            self.at_browser = False
            super()._hand_in(replace(task, upload=self.paper), person)
            return
        browser = self._at(person, task.item)
        self._submit(browser, task, reply)
        self._note(task.item, person, "register_for" if task.view.registers_for else "complete")

    def _submit(self, browser: Person, task: Task, reply: Reply) -> None:
        """Fill in, and press the button of the outcome; another one, with reasons, when the page says no."""
        fill_form(browser.page, reply.fields)
        others = [one for one in task.outcomes if one != reply.outcome]
        for outcome in (reply.outcome, *others):
            opinion = browser.page.locator("#opinion")
            if opinion.count():
                opinion.fill(reply.opinion or ("" if outcome == reply.outcome else "情况属实，按规定办理。"))
            with browser.page.expect_navigation():
                browser.page.locator(f'.action-bar button[name=outcome][value="{outcome}"]').first.click()
            if browser.page.get_by_text("已提交。").count():
                return
        raise AssertionError(f"{task.item.step}: {browser.page.locator('main').inner_text()[:3000]}")

    def _at(self, person: Citizen, item: OpenItem, *, tab: str = "mine") -> Person:
        """From the inbox, where the task has a row, to the task."""
        browser = self.people[self.city.logins[person.id]]
        browser.go(f"/inbox?tab={tab}")
        row = browser.page.locator(f'tr[data-row] a[href^="/tasks/{item.id}"]').first
        expect(row).to_be_visible()
        row.click()
        expect(browser.page).to_have_url(re.compile(item.id))
        browser.page.wait_for_load_state()
        return browser

    def _note(self, item: OpenItem, person: Citizen, verb: str) -> None:
        self.by_hand[item.step] = self.city.logins[person.id]
        self.posts.add(item.post or "")
        self.acts[verb] += 1


def cast_ballot(browser: Person) -> None:
    """From the task to the paper: a mark for every unit, into the box."""
    page = browser.page
    page.locator('a[href^="/ballots/"]').first.click()
    for unit in each(page.locator("fieldset.card")):
        unit.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="投票").click()
    expect(page.get_by_text("选票在票箱里")).to_be_visible()


def kinds(by_hand: Mapping[tuple[str, str], str]) -> set[str]:
    """The processes of which a step was done at a browser."""
    return {process for process, _step in by_hand}
