"""A designer changes a date and a way on the canvas and plays what was done before it is deployed."""

import re
from datetime import date

from playwright.sync_api import expect

from engine.people.memberships import appoint
from tests.browser.axe import grave_faults
from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.replaying.test_replay import dated


def test_a_designer_sees_who_would_go_another_way_before_deploying(log_in: LogIn, served: Served) -> None:
    world = served.world
    world.deploy(planning=dated(10))
    world.start(unit=world.unit("U2"))
    world.complete("ling2", "fill", fields={"value": "49"})
    world.complete("tou2", "judge", outcome="pass")
    with world.engine.database.write() as connection:
        place = {"unit_id": world.units["OF"], "post_key": "designer"}
        appoint(connection, user_id=world.people["mi"], from_on=date(2018, 3, 1), **place)
    page = log_in("mi")
    page.goto("/designer/planning")
    expect(page.locator("[data-designer][data-shown=yes]")).to_be_visible()
    newer = dated(17, post="vice_head").replace(b'outcome = "pass"', b'outcome = "never"')
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="打开文件").click()
    chooser.value.set_files({"name": "planning.bpmn", "mimeType": "application/xml", "buffer": newer})
    expect(page.locator(".designer-state")).to_have_text("有未部署的改动")
    page.get_by_role("button", name="回放", exact=True).click()
    expect(page.get_by_text("正在用这张图重走办过的实例，什么也不改变。")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="看回放结果").click()
    told = opened.value
    expect(told.get_by_role("status")).to_contain_text("正在回放：走完 0 个，共 2 个。")
    world.engine.drain()
    expect(told.get_by_role("status")).to_contain_text("已全部回放，共 2 个；什么也没有改变。")
    expect(told.locator("#reasons")).to_contain_text("当时到“已完成”")
    expect(told.locator("#changes")).to_contain_text("2018-03-17")
    expect(told.locator("#parted")).to_contain_text("市环境保护局")
    assert grave_faults(told) == []
    expect(page.locator(".designer-state")).to_have_text("有未部署的改动")
    told.get_by_role("link", name="回放").first.click()
    expect(told.locator("tbody tr")).to_have_count(1)
    told.get_by_label("放到").select_option("2")
    told.get_by_role("button", name="开始回放").click()
    expect(told).to_have_url(re.compile("/processes/planning/replays/"))
    world.engine.drain()
    expect(told.get_by_text("走向相同 1")).to_be_visible()
    assert world.scalar("select max(number) from definition_version") == 2
