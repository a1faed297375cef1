"""Everybody can use the keyboard: one sees where one is, and the list goes by its keys.

What holds on every page is looked at in `together/test_every_page.py`.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.planning.people import DESK, People
from tests.browser.planning.site import Site, start_planning

OUTLINED = """() => { const one = document.activeElement, look = getComputedStyle(one);
  return one !== document.body && (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0
    || look.boxShadow !== "none") }"""


def tab_shows_where(page: Page, *, times: int = 6) -> None:
    """Walking with Tab, one always sees where one is."""
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(times):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            return  # past the last one
        assert page.evaluate(OUTLINED), page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")


def task_of(site: Site, code: str) -> str:
    """The address of a unit's open task."""
    name = site.scalar("select name from unit where code = :code", code=code)
    found = site.scalar("select id from work_item where subject_name = :name", name=name)
    return f"/tasks/{found}"


def test_focus_is_always_seen(site: Site, people: People) -> None:
    stranger = people.somebody(DESK)
    stranger.go("/login")
    tab_shows_where(stranger.page, times=4)
    liaison = people["u39.liaison"]
    for path in ("/inbox", task_of(site, "U39")):
        liaison.go(path)
        tab_shows_where(liaison.page)


def test_the_inbox_goes_by_keyboard(site: Site, people: People) -> None:
    start_planning(site.address, str(site.scalar("select id from cycle where year = 2017")))
    liaison = people["u39.liaison"]
    liaison.go("/inbox")
    page = liaison.page
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(2)
    for key, number in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(number)).to_have_class(re.compile("is-current"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j")
    expect(page.get_by_role("searchbox")).to_have_value("j")
    page.keyboard.press("Escape")
    liaison.go("/inbox")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tasks/"))
