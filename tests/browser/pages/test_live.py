"""An open page hears of news without being loaded again; a page in which scripts are off works as before."""

from playwright.sync_api import expect

from engine.verbs.door import act
from engine.verbs.visit import Request
from engine.work.inbox import claimable, mine
from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.world import in_a_row, user


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


def test_a_row_that_a_colleague_takes_on_says_so_and_can_no_longer_be_claimed(
    served: Served, log_in: LogIn
) -> None:
    world = served.world
    shared = user("gather", "assessor.office.staff", groups='= post(assessor, "office.staff")')
    world.deploy(collecting=in_a_row(shared, process='id="collecting" name="数据收集"'))
    world.start("collecting")
    world.start("collecting")
    page = log_in("ban2")
    page.goto(f"{served.url}/inbox?tab=claimable")
    rows, badge = page.locator("[data-row]"), page.locator(".nav-tabs [data-live=claimable]")
    expect(badge).to_have_text("2")
    with world.engine.database.read() as connection:
        taken = claimable(connection, world.person("ban1")).items[0]
    act(world.engine, world.person("ban1"), taken.item_id, "claim", Request(version=taken.lock_version))
    row = page.locator(f"[data-item='{taken.item_id}']")
    expect(row).to_contain_text("已被认领或办结")
    expect(row.locator("button")).to_be_disabled()
    expect(badge).to_have_text("1")
    expect(rows).to_have_count(2)  # nothing moves under the reader's hand
    expect(page.locator("[data-live-more]")).to_be_hidden()
    world.start("collecting")
    expect(page.locator("[data-live-more]")).to_contain_text("有 1 项新任务")
    act(world.engine, world.person("ban1"), taken.item_id, "unclaim", Request(version=taken.lock_version + 1))
    expect(row).not_to_contain_text("已被认领或办结")
    expect(row.locator("button")).to_be_enabled()


def test_a_task_done_in_one_tab_is_struck_out_in_the_list_of_the_other(served: Served, log_in: LogIn) -> None:
    page, world = log_in("ling"), served.world
    row = page.locator("[data-row]")
    row.locator("input[type=checkbox]").check()
    item = world.item("ling")
    act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=item.lock_version))
    expect(row).to_contain_text("已不在待办")
    expect(row.locator("input[type=checkbox]")).to_be_disabled()
    expect(page.locator(".choosing-bar")).to_be_hidden()
    expect(page.locator(".nav-tabs [data-live=mine]")).to_be_hidden()


def test_who_is_filling_in_a_task_hears_that_somebody_else_has_done_it_and_keeps_what_was_typed(
    served: Served, log_in: LogIn
) -> None:
    """It was heard only after writing to the end and pressing 提交."""
    page, world = log_in("ling"), served.world
    item = world.item("ling")
    page.goto(f"/tasks/{item.item_id}")
    bar, field = page.locator("[data-gone-bar]"), page.locator("[name=value]")
    field.fill("写到一半")
    expect(bar).to_be_hidden()
    act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=item.lock_version))
    expect(bar).to_contain_text("刚刚由别人办理，或者收回了")
    expect(field).to_have_value("写到一半")


def test_without_scripts_the_numbers_are_those_of_the_moment(served: Served, log_in: LogIn) -> None:
    page = log_in("ling", scripts=False)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-live-more]")).to_be_hidden()
    served.world.start()
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.goto("/account/notices")
    expect(page.get_by_text("现在只有站内通知")).to_be_visible()
