"""A designer moves running instances to the newer version, sees how far it is, and takes it back."""

from datetime import date

from playwright.sync_api import expect

from engine.people.memberships import appoint
from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.world import in_a_row, user


def test_a_designer_compares_maps_moves_and_takes_back(log_in: LogIn, served: Served) -> None:
    world = served.world
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报"), user("sign", "unit.head")))
    world.start(unit=world.unit("U2"))
    world.deploy(planning=in_a_row(user("report", "unit.head", name="填报"), user("sign", "unit.head")))
    with world.engine.database.write() as connection:
        place = {"unit_id": world.units["OF"], "post_key": "designer"}
        appoint(connection, user_id=world.people["mi"], from_on=date(2018, 3, 1), **place)
    page = log_in("mi")
    page.goto("/processes/planning")
    page.get_by_role("link", name="迁移实例").click()
    page.get_by_label("从", exact=True).select_option("2")
    page.get_by_role("button", name="比较并检查").click()
    diagrams = page.locator("[data-diagram]")
    expect(diagrams).to_have_count(2)
    expect(diagrams.nth(0)).to_have_attribute("data-shown", "yes")
    expect(diagrams.nth(0).locator(".diagram-badge")).to_have_text(["删"])
    expect(diagrams.nth(1)).to_have_attribute("data-shown", "yes")
    expect(diagrams.nth(1).locator(".diagram-badge", has_text="新")).to_have_count(1)
    expect(page.get_by_label("填报")).to_have_value("fill=report")
    expect(page.locator("#outlook")).to_contain_text("1 个可以迁移")
    page.get_by_label("能迁移的都迁移").check()
    page.get_by_role("button", name="开始迁移").click()
    expect(page.get_by_role("status")).to_contain_text("正在迁移：办完 0 个，共 1 个。")
    world.engine.drain()
    expect(page.get_by_role("status")).to_contain_text("已办完，共 1 个。")
    assert [row.element_id for row in world.inbox("tou2")] == ["report"]
    page.get_by_label("迁移后没有往前走的").check()
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("status")).to_contain_text("正在退回：还剩 1 个。")
    world.engine.drain()
    expect(page.get_by_text("已退回 1")).to_be_visible()
    assert [row.element_id for row in world.inbox("ling2")] == ["fill"]
