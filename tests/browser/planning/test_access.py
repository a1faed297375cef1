"""Everybody can use the pages: names for all fields, one heading, the keyboard, no sideways scrolling."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from processes.planning.decisions import Consultation
from processes.tables import table_of
from tests.browser.axe import grave_faults
from tests.browser.planning.people import DESK, PHONE, People
from tests.browser.planning.site import Site, start_planning

NAMELESS = """() => [...document.querySelectorAll("input, select, textarea, button, a[href]")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility())
  .filter((one) => !one.closest("[aria-hidden=true], .djs-container"))
  .filter((one) => !(one.labels?.length || one.ariaLabel || one.getAttribute("aria-labelledby") || one.title
    || one.textContent.trim() || one.querySelector("[aria-label], title")))
  .map((one) => one.outerHTML.slice(0, 120))"""
DOUBLED = """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id) => id && !document.getElementById(id).closest("svg"));
  return ids.filter((id, at) => ids.indexOf(id) !== at) }"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINED = """() => { const one = document.activeElement, look = getComputedStyle(one);
  return one !== document.body && (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0
    || look.boxShadow !== "none") }"""


def sound(page: Page) -> None:
    """What holds on every page."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(DOUBLED) == []
    assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert grave_faults(page) == [], page.url


def tab_shows_where(page: Page, *, times: int = 6) -> None:
    """Walking with Tab, one always sees where one is."""
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(times):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            return  # past the last one
        assert page.evaluate(OUTLINED), page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")


def consult(site: Site) -> None:
    """Open a consultation, as the diagram's step does."""
    row = {
        "cycle_id": site.scalar("select id from cycle where year = 2018"),
        "instance_id": site.scalar("select id from instance where parent_id is null"),
        "opened_at": site.clock.now(),
        "closes_on": site.clock.now().date() + timedelta(days=10),
    }
    with site.engine.database.write() as connection:
        connection.execute(table_of(Consultation).insert().values(row))


PAGES: dict[str, tuple[str, str]] = {
    "inbox": ("u39.liaison", "/inbox"),
    "claimable": ("office.reviewer", "/inbox?tab=claimable"),
    "done": ("u39.liaison", "/inbox?tab=done"),
    "notices": ("u39.liaison", "/notifications"),
    "account": ("u39.liaison", "/account"),
    "overview": ("office.staff", "/office"),
    "year": ("city.leader", "/office/year"),
    "pending": ("office.staff", "/targets"),
    "accountability": ("office.staff", "/accountability"),
    "people": ("admin.system", "/people"),
    "units": ("admin.system", "/units"),
    "calendar": ("admin.system", "/calendar"),
    "processes": ("designer", "/processes"),
    "process": ("designer", "/processes/unit_targets"),
}


def task_of(site: Site, code: str) -> str:
    """The address of a unit's open task."""
    name = site.scalar("select name from unit where code = :code", code=code)
    found = site.scalar("select id from work_item where subject_name = :name", name=name)
    return f"/tasks/{found}"


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["1440", "390"])
def test_every_page_has_names_one_heading_and_fits(
    site: Site, people: People, device: dict[str, object]
) -> None:
    consult(site)
    stranger = people.somebody(device)
    for path in ("/login", "/public/consultations", "/nowhere"):
        stranger.go(path)
        sound(stranger.page)
    for login, path in PAGES.values():
        person = people.on(device, login)
        person.go(path)
        expect(person.page.get_by_role("main")).to_be_visible()
        sound(person.page)
        assert person.page.evaluate("document.querySelector('header').offsetHeight") < 64, path  # one row
    liaison = people.on(device, "u39.liaison")
    for path in (task_of(site, "U39"), f"/units/{site.unit_id('市环保局')}/targets"):
        liaison.go(path)
        sound(liaison.page)


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
