"""目标制定 in browsers: three units, their leaders on phones, the office, the bodies, the public."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.planning.people import PHONE, People
from tests.browser.planning.site import UNITS, Site
from tests.browser.planning.steps import (
    assign,
    collate,
    fill,
    lead,
    line,
    office_passes,
    register,
    review,
)


def test_three_units_plan_their_year_from_arrival_to_the_document(site: Site, people: People) -> None:
    for code in UNITS:
        what_arrived_is_locked(people, code)
        assign(people, code)
    for code in UNITS:
        fill(people, code)
    for code in UNITS:
        collate(people, code)
    for code in UNITS:
        lead(people, code)
    for unit in UNITS.values():
        office_passes(people, unit)
    joint_review_goes_round_again(people)
    the_public_is_heard(site, people)
    today = site.clock.now().date()
    register(people, "登记审定决定", "绩效委第3次会议", day=today)
    register(people, "登记批准决定", "市政府第12次常务会议", day=today)
    the_office_issues(people)
    for unit in UNITS.values():
        everything_is_issued(people, site, unit)


def what_arrived_is_locked(people: People, code: str) -> None:
    """The figures of the plan are there as text, without a field to change them."""
    liaison = people[f"{code}.liaison"]
    liaison.open("分办目标")
    first = liaison.page.locator("tr.bh-row").first
    expect(first.get_by_text("已锁定")).to_be_visible()
    assert first.locator("input:visible, textarea:visible").count() == 1  # who is in charge, never a figure
    expect(first.get_by_label("其他责任人")).to_be_editable()
    if code == "u20":
        expect(line(liaison.page, "KPI24")).to_contain_text("4%")
        expect(line(liaison.page, "KPI24")).to_contain_text("8%")
    if code == "u39":
        expect(line(liaison.page, "KPI08")).to_contain_text("49")


def joint_review_goes_round_again(people: People) -> None:
    """财政 passes, 法制办 returns one unit with a reason, 发改委 is closed; then all three pass."""
    review(people, "finance", "财政审核")
    legal = people["review.legal"]
    legal.open("法制办审核")
    legal.page.get_by_role("button", name="添加一行").click()
    legal.page.get_by_label("单位").select_option(label=UNITS["u20"])
    legal.page.locator(".bh-row").get_by_label("意见").fill("缺少法规依据")
    legal.send_back("退回", "一个单位依据不足")
    assert people["review.reform"].steps() == []
    staff = people["office.staff"]
    staff.open("处理退回意见")
    expect(staff.page.get_by_text("缺少法规依据").first).to_be_visible()
    staff.finish()
    liaison = people["u20.liaison"]
    liaison.open("分办目标")
    expect(liaison.page.get_by_text("缺少法规依据").first).to_be_visible()
    liaison.finish()
    for step, who in (("填报年度目标", "division"), ("汇总年度目标", "liaison")):
        people[f"u20.{who}"].open(step)
        people[f"u20.{who}"].finish()
    lead(people, "u20")
    office_passes(people, UNITS["u20"])
    for body, step in (("finance", "财政审核"), ("legal", "法制办审核"), ("reform", "发改委审核")):
        review(people, body, step)


def the_public_is_heard(site: Site, people: People) -> None:
    """Somebody without an account says something on a phone; the office answers; everybody can read it."""
    citizen = people.somebody(PHONE)
    citizen.go("/public/consultations")
    page = citizen.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("公示")
    page.get_by_label("对哪个单位").select_option(label=UNITS["u39"])
    page.get_by_label("意见").fill("希望公布每月空气质量")
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_text("您的意见已经收到")).to_be_visible()
    address = page.url
    closes = date.fromisoformat(str(site.scalar("select closes_on from consultation")))
    site.at(closes + timedelta(days=1))
    staff = people["office.staff"]
    staff.open("汇总答复意见")
    expect(staff.page.get_by_text("希望公布每月空气质量").first).to_be_visible()
    staff.page.get_by_role("radio", name="采纳", exact=True).check()
    staff.page.get_by_label("答复").fill("将按月公布。")
    staff.finish()
    page.goto(address)
    expect(page.get_by_text("将按月公布。")).to_be_visible()
    expect(page.get_by_text("征求意见已经结束")).to_be_visible()


def the_office_issues(people: People) -> None:
    """下达: number and title are proposed."""
    staff = people["office.staff"]
    staff.open("拟定下达文件")
    expect(staff.page.get_by_label("文号")).to_have_value("杭考评办〔2018〕1号")
    staff.finish()


def everything_is_issued(people: People, site: Site, unit: str) -> None:
    """The unit's page: every target issued, each with a version; all that is left is to break them down."""
    code = next(code for code, name in UNITS.items() if name == unit)
    liaison = people[f"{code}.liaison"]
    liaison.go(f"/units/{site.unit_id(unit)}/targets")
    targets = liaison.page.locator("section.card[id^=t-]")
    assert targets.count() > 1
    expect(targets.get_by_text("已下达到单位")).to_have_count(targets.count())
    expect(targets.get_by_text("个版本")).to_have_count(targets.count())
    assert versions(liaison.page) >= {"3 个版本"}
    expect(liaison.page.get_by_text("政务服务效能提升").first).to_be_visible()
    [left] = liaison.steps()
    assert "分解目标" in left


def versions(page: Page) -> set[str]:
    """What the targets say of their versions."""
    return {text.split(" · ")[0].strip() for text in page.locator("details summary").all_inner_texts()}


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_on_postgresql_a_unit_plans_until_its_head_has_signed(site: Site, people: People) -> None:
    assign(people, "u39")
    fill(people, "u39", june="52", year_end="49")
    collate(people, "u39")
    lead(people, "u39")
    office_passes(people, UNITS["u39"])
    assert state_of(site, UNITS["u39"]) == "passed"


def state_of(site: Site, unit: str) -> str:
    """How far a unit's plan of this year is."""
    query = (
        "select p.state from unit_plan p join cycle c on c.id = p.cycle_id "
        "join unit u on u.id = p.unit_id where u.name = :unit and c.year = 2018"
    )
    return str(site.scalar(query, unit=unit))
