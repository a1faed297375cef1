"""The office finds what has stopped, sees it in the diagram, mends it, and lets an instance stand still."""

from playwright.sync_api import expect

from tests.api.test_incidents import FAILING, open_incidents
from tests.browser.pages.conftest import LogIn, Served


def test_the_office_mends_what_has_stopped_from_the_notice_to_the_next_task(
    log_in: LogIn, served: Served
) -> None:
    world = served.world
    first = world.item("ling").instance_id
    world.deploy(planning=FAILING)
    stopped = world.start(score="七十五")
    fill = next(row for row in world.inbox("ling") if row.instance_id == stopped)
    liaison = log_in("ling")
    liaison.goto(f"/tasks/{fill.item_id}")
    liaison.get_by_role("button", name="提交").click()
    expect(liaison.get_by_role("status").first).to_contain_text("已提交")
    (incident,) = open_incidents(world)

    office = log_in("ban1")
    office.goto("/notifications")
    office.get_by_role("link", name="流程停住了：够高？ · ").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("流程停住了：够高？")
    expect(office.locator("#sentence")).to_contain_text("的表达式算不出结果")
    expect(office.locator("[data-diagram] .is-stuck[data-element-id='high']")).to_be_visible()
    expect(office.locator("pre")).not_to_be_visible()
    for width in (390, 1440):
        office.set_viewport_size({"width": width, "height": 844})
        assert office.evaluate("document.documentElement.scrollWidth") <= width, width

    office.locator("#skip").get_by_label("理由").fill("填错了")
    office.locator("#skip").get_by_role("radio").first.check()
    correct = office.locator("#correct")
    correct.get_by_label("score", exact=True).fill("75")
    correct.get_by_label("理由").fill("数填成了字")
    correct.get_by_role("button", name="改正数据").click()
    expect(office.get_by_role("alert").first).to_contain_text("又试了一次，仍然停在这里。")
    assert open_incidents(world)[0]["id"] == incident["id"], "75 was written as a text"
    correct.get_by_label("score的种类").select_option("number")
    correct.get_by_label("score", exact=True).fill("七十五")
    correct.get_by_label("理由").fill("数填成了字")
    correct.get_by_role("button", name="改正数据").click()
    expect(office.get_by_role("alert").first).to_contain_text("“score”应当是数，“七十五”不是。")
    expect(correct.get_by_label("理由")).to_have_value("数填成了字")

    jump = office.locator("#jump")
    expect(jump).to_contain_text("令牌移到“填报”，从那里接着办。不关闭任何人的待办。")
    jump.get_by_label("填报").check()
    jump.get_by_label("理由").fill("请重新填报")
    jump.get_by_role("button", name="移动令牌").click()
    office.wait_for_url("**/office/incidents?*said=jump-1")
    assert {(row.instance_id, row.round) for row in world.inbox("ling")} == {(first, 1), (stopped, 2)}

    office.goto(f"/instances/{stopped}")
    expect(office.locator("ol.history").first).to_contain_text("移动令牌到“填报”")
    office.get_by_label("理由").fill("等省里的文件")
    office.get_by_role("button", name="挂起").click()
    expect(office.get_by_role("alert")).to_contain_text("由郑一挂起（等省里的文件）")
    liaison.goto("/inbox")
    again = next(row for row in world.inbox("ling") if row.instance_id == stopped)
    liaison.goto(f"/tasks/{again.item_id}")
    expect(liaison.get_by_text("恢复办理以后才能办")).to_be_visible()
    expect(liaison.get_by_role("button", name="提交")).to_have_count(0)
