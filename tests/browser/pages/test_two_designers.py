"""Two designers open the same diagram: who deploys last is told what would be lost, and loses nothing."""

from datetime import date

from playwright.sync_api import Page, expect

from engine.people.memberships import appoint
from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.replaying.test_replay import dated


def test_who_deploys_over_anothers_version_is_told_and_keeps_the_diagram(
    log_in: LogIn, served: Served
) -> None:
    """The second had silently taken the first one's change out of the newest version."""
    world = served.world
    with world.engine.database.write() as connection:
        place = {"unit_id": world.units["OF"], "post_key": "designer"}
        appoint(connection, user_id=world.people["mi"], from_on=date(2018, 3, 1), **place)
    first, second = (_at_the_designer(log_in("mi")) for _ in range(2))
    _open(first, 10)
    _deploy(first)
    expect(first.locator(".designer-notice")).to_contain_text("已部署为第 2 版")
    _open(second, 17)
    _deploy(second)
    said = second.locator(".designer-notice")
    expect(said).to_contain_text("别人部署了“")
    expect(said).to_contain_text("第 2 版，部署会盖掉那里的改动。什么也没有部署；请先下载您的图")
    expect(second.locator(".designer-state")).to_have_text("有未部署的改动")
    assert world.scalar("select max(number) from definition_version") == 2
    _open(first, 20)
    _deploy(first)
    expect(first.locator(".designer-notice")).to_contain_text("已部署为第 3 版")


def _at_the_designer(page: Page) -> Page:
    page.goto("/designer/planning")
    expect(page.locator("[data-designer][data-shown=yes]")).to_be_visible()
    return page


def _open(page: Page, day: int) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="打开文件").click()
    file = {"name": "planning.bpmn", "mimeType": "application/xml", "buffer": dated(day)}
    chooser.value.set_files(file)
    expect(page.locator(".designer-state")).to_have_text("有未部署的改动")


def _deploy(page: Page) -> None:
    page.get_by_role("button", name="部署", exact=True).click()
    page.get_by_role("button", name="确认部署").click()
