"""What is typed is not lost: drafts, a session that ends, a second tab."""

import re

from playwright.sync_api import Page, expect

from tests.browser.chromium import each
from tests.browser.planning.people import People
from tests.browser.planning.site import Site
from tests.browser.planning.steps import assign, card
from tests.chaos.workers import until

TYPED = "每月会商，年底验收。"


def at_work(people: People) -> Page:
    """The division of 市旅委 has its form open."""
    assign(people, "u20")
    people["u20.division"].open("填报年度目标")
    return people["u20.division"].page


def kept(page: Page) -> None:
    """The text that was typed is there."""
    expect(card(page, "KPI24").get_by_label("方法与措施")).to_have_value(TYPED)


def type_and_wait(page: Page) -> None:
    """Type, and see the page say that it saved by itself."""
    card(page, "KPI24").get_by_label("方法与措施").fill(TYPED)
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已自动保存")


def test_a_draft_saves_itself_and_survives_the_log_out(people: People) -> None:
    page = at_work(people)
    type_and_wait(page)
    division = people["u20.division"]
    division.go("/account")
    page.get_by_role("button", name="退出", exact=False).first.click()
    expect(page).to_have_url(re.compile("/login"))
    division.log_in()
    division.open("填报年度目标")
    kept(page)
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿保存于")


def test_what_was_typed_just_before_leaving_is_kept_too(site: Site, people: People) -> None:
    page = at_work(people)
    card(page, "KPI24").get_by_label("方法与措施").fill(TYPED)
    page.get_by_role("link", name="待办").first.click()
    expect(page).to_have_url(re.compile("/inbox"))
    until(
        lambda: site.scalar("select count(*) from draft") == 1
    )  # the browser sends it after the page is gone
    people["u20.division"].open("填报年度目标")
    kept(page)


def test_wrong_input_is_kept_for_later_when_the_person_leaves(people: People) -> None:
    page = at_work(people)
    card(page, "KPI24").get_by_label("方法与措施").fill(TYPED)
    people["u20.division"].press("提交")
    expect(page.locator("#form-errors")).to_be_visible()
    people["u20.division"].open("填报年度目标")
    kept(page)


def test_an_expired_session_keeps_the_draft(people: People) -> None:
    page = at_work(people)
    type_and_wait(page)
    division = people["u20.division"]
    division.context.clear_cookies()
    division.press("暂存")
    expect(page.get_by_text("登录").first).to_be_visible()
    expect(page.get_by_text("系统出了故障")).to_have_count(0)
    division.log_in()
    division.open("填报年度目标")
    kept(page)


def test_two_tabs_submit_once(site: Site, people: People) -> None:
    assign(people, "u20")
    site.settle()
    division = people["u20.division"]
    division.open("填报年度目标")
    for person in each(division.page.get_by_label("具体责任人")):
        person.fill("周敏")
    for measures in each(division.page.get_by_label("方法与措施")):
        measures.fill(TYPED)
    expect(division.page.locator("[data-draft-state]")).to_contain_text("草稿已自动保存")
    second = division.context.new_page()
    second.goto(division.page.url)
    kept(second)
    division.finish()
    second.locator(".action-bar").get_by_role("button", name="提交", exact=True).click()
    expect(second.get_by_text("不能重复办理")).to_be_visible()
    expect(second.get_by_text("没有改动任何数据")).to_be_visible()
    done = "select count(*) from work_event where element_id = 'fill_targets' and verb = 'complete'"
    assert site.scalar(done) == 1
