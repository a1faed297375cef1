"""Divisions (处室) in browsers: one is added and staffed, targets are given out, each fills in its own."""

from playwright.sync_api import expect

from tests.browser.planning.people import People
from tests.browser.planning.site import Site
from tests.browser.planning.steps import line, write_shares


def test_a_liaison_gives_targets_to_two_divisions_and_reads_who_filled_in_what(people: People) -> None:
    liaison, air, water = people["u39.liaison"], people["u39.division2"], people["u39.division3"]
    liaison.open("分办目标")
    for code, division in (
        ("KPI08", "大气环境处"),
        ("KPI09", "大气环境处"),
        ("KPI10", "水环境处"),
        ("ST08", "水环境处"),
    ):
        line(liaison.page, code).get_by_label("责任处室").select_option(label=division)
    line(liaison.page, "KPI10").get_by_label("其他责任人").fill("吴工")
    liaison.finish()
    air.open("填报年度目标")
    expect(air.page.get_by_text("KPI08").first).to_be_visible()
    expect(air.page.get_by_text("KPI10")).to_have_count(0)
    write_shares(air.page)
    air.finish()
    assert liaison.steps() == []
    water.open("填报年度目标")
    expect(water.page.get_by_label("具体责任人").first).to_have_value("吴工")
    write_shares(water.page)
    water.finish()
    liaison.open("汇总年度目标")
    expect(liaison.page.get_by_text("责任处室：大气环境处，").first).to_be_visible()
    expect(liaison.page.get_by_text("责任处室：水环境处，").first).to_be_visible()


def test_the_office_adds_a_division_and_puts_somebody_there(site: Site, people: People) -> None:
    office, head = people["office.staff"], people["u39.head"]
    with site.engine.database.read() as connection:
        unit = connection.exec_driver_sql("select id, name from unit where code = 'U39'").one()
        name = connection.exec_driver_sql(
            "select name from user_account where login = 'u39.division'"
        ).scalar_one()
    office.go(f"/units/{unit.id}/divisions")
    office.page.get_by_label("处室名称").last.fill("法规宣教处")
    office.page.get_by_role("button", name="建立", exact=True).click()
    made = office.page.get_by_role("region", name="法规宣教处")
    made.get_by_label("任命的人员").select_option(label=name)
    made.get_by_role("button", name="任命").click()
    expect(office.page.get_by_role("region", name="法规宣教处").locator("li")).to_contain_text(name)
    expect(office.page.get_by_role("region", name="大气环境处").get_by_text("演示假设")).to_be_visible()
    head.go(f"/units/{unit.id}/divisions")
    expect(head.page.get_by_role("heading", name="法规宣教处")).to_be_visible()
    expect(head.page.get_by_role("button", name="建立")).to_have_count(0)
