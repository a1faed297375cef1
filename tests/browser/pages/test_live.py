"""An open page hears of news without being loaded again; a page in which scripts are off works as before."""

from playwright.sync_api import expect

from engine.verbs.door import act
from engine.verbs.visit import Request
from engine.work.inbox import mine
from tests.browser.pages.conftest import LogIn, Served


def test_new_work_and_an_urge_are_said_on_the_open_page_and_one_click_shows_them(
    served: Served, log_in: LogIn
) -> None:
    page = log_in("ling")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(1)
    bar, bell = page.locator("[data-live-more]"), page.locator("[data-live-bell]")
    expect(bar).to_be_hidden()
    served.world.start()
    served.world.start()
    expect(bar).to_contain_text("有 2 项新任务")
    expect(rows).to_have_count(1)  # what is under the reader's eyes stays
    bar.get_by_role("link").click()
    expect(rows).to_have_count(3)
    expect(bar).to_be_hidden()
    with served.world.engine.database.read() as connection:
        first = mine(connection, served.world.person("ling")).items[0]
    kao = served.world.person("kao")
    act(
        served.world.engine, kao, first.item_id, "urge", Request(version=first.lock_version, opinion="请尽快")
    )
    served.world.engine.drain()
    expect(bell.locator("[data-live=unread]")).to_have_text("1")
    expect(bell).to_have_attribute("aria-label", "1 条未读通知")


def test_without_scripts_the_numbers_are_those_of_the_moment(served: Served, log_in: LogIn) -> None:
    page = log_in("ling", scripts=False)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-live-more]")).to_be_hidden()
    served.world.start()
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.goto("/account/notices")
    expect(page.get_by_text("现在只有站内通知")).to_be_visible()
