"""Nothing typed is lost, and nothing is done twice: log-ins that end, two tabs, double clicks, going back.

On SQLite: nothing here differs between the homes.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import PASSWORD
from tests.browser.together.plays import FIGURE, PLAYS, WHY, filled, typed
from tests.browser.together.reading import keeps, told
from tests.browser.together.town import Town

HOME = "sqlite"
STATE = "[data-draft-state]"
HIDE = """(how) => {
  Object.defineProperty(document, "visibilityState", { value: how, configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""


@pytest.mark.parametrize("verb", ["complete", "hand_over", "terminate", "add_signer"])
def test_who_was_logged_out_while_typing_presses_once_more_after_logging_in(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.stranger().new_page()
    town.log_in(page, play.who)
    page.goto(path)
    expect(play.ready(page)).to_be_visible()
    page.context.clear_cookies()
    play.press(page)
    expect(page.get_by_role("alert")).to_contain_text("登录已经过期，刚才按下的还没有办。")
    page.get_by_label("用户名").fill(play.who)
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不正确")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("main")).to_contain_text(WHY)
    assert verb not in town.said(instance), "nothing is done by logging in"
    page.get_by_role("button", name="再按一次").click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert town.said(instance).count(verb) == 1
    page.goto(f"/instances/{instance}")
    expect(page.locator(".history").first).to_contain_text(WHY)
    page.context.close()


def test_a_comment_goes_through_the_log_in_too(town: Town) -> None:
    instance = town.begin("reporting")
    page = town.stranger().new_page()
    town.log_in(page, "ling")
    page.goto(f"/instances/{instance}")
    page.locator("#comment-text").fill(WHY)
    page.context.clear_cookies()
    page.get_by_role("button", name="发表").click()
    expect(page.get_by_role("alert")).to_contain_text("登录已经过期")
    town.log_in(page, "ling")
    page.get_by_role("button", name="再按一次").click()
    expect(page.locator("#comments")).to_contain_text(WHY)
    page.context.close()


def test_a_draft_says_why_it_is_not_kept(town: Town) -> None:
    """The log-in is over; or somebody has ended it. What was typed is on the page, and one reads so."""
    instance, path = PLAYS["complete"].start(town)
    page = town.stranger().new_page()
    town.log_in(page, "ling")
    page.goto(path)
    expect(page.locator("[data-diagram] svg").first).to_be_visible()  # the page has all that it asks for
    page.context.clear_cookies()
    typed(page)
    expect(page.locator(STATE)).to_have_text("您还没有登录，或登录已经过期。内容还在页面上。")
    town.log_in(page.context.new_page(), "ling")
    town.upon("kao", "terminate", instance, opinion="任务取消")
    page.get_by_label("value").fill("50")
    expect(page.locator(STATE)).to_contain_text("流程由钱考终止（任务取消），不用再办。内容还在页面上。")
    expect(page.locator("#opinion")).to_have_value(WHY)
    page.context.close()


def test_a_comment_that_the_server_cannot_take_stays_where_it_is(town: Town) -> None:
    instance = town.begin("reporting")
    page = town.tab("ling", f"/instances/{instance}")
    page.locator("#comment-text").fill(WHY)
    page.route("**/comments", lambda route: route.fulfill(status=503, body="<p>away</p>"))
    page.get_by_role("button", name="发表").click()
    expect(page.locator(".toast-line")).to_have_text("没有办成，您填的内容都还在页面上。请稍后再试一次。")
    expect(page.locator("#comment-text")).to_have_value(WHY)
    town.troubles.clear()  # the 503 of this very test


def saved(page: Page, words: str) -> None:
    """Write an opinion, and see it kept."""
    page.locator("#opinion").fill(words)
    expect(page.locator(STATE)).to_contain_text("草稿已自动保存")


def draft_of(town: Town, instance: str) -> str:
    """The opinion in the stored draft."""
    sql = "select d.opinion from draft d join work_item w on w.id = d.item_id where w.instance_id = :id"
    [row] = town.rows(sql, id=instance)
    return str(row["opinion"])


def test_two_tabs_do_not_write_over_each_others_drafts(town: Town) -> None:
    instance, path = PLAYS["complete"].start(town)
    first, second = town.tab("ling", path), town.tab("ling", path)
    saved(first, "第一个窗口")
    second.locator("#opinion").fill("第二个窗口")
    expect(second.locator(STATE)).to_contain_text("草稿刚在另一个窗口里改过")
    assert draft_of(town, instance) == "第一个窗口"
    second.get_by_role("button", name="暂存", exact=True).last.click()
    assert "草稿刚在另一个窗口里改过" in told(second)
    expect(second.locator("#opinion")).to_have_value("第二个窗口")
    assert draft_of(town, instance) == "第一个窗口"
    second.get_by_role("button", name="暂存", exact=True).last.click()
    expect(second.get_by_text("已暂存。")).to_be_visible()
    assert draft_of(town, instance) == "第二个窗口"
    first.locator("#opinion").fill("第一个窗口，又写了")
    expect(first.locator(STATE)).to_contain_text("草稿刚在另一个窗口里改过")
    assert draft_of(town, instance) == "第二个窗口"


def test_one_tab_that_was_hidden_goes_on_with_its_own_draft(town: Town) -> None:
    """What leaving the tab has kept is known to it when its owner comes back."""
    instance, path = PLAYS["complete"].start(town)
    page = town.tab("ling", path)
    page.locator("#opinion").fill("先写一句")
    with page.expect_response("**/draft") as kept:
        page.evaluate(HIDE, "hidden")
    assert kept.value.status == 200
    page.evaluate(HIDE, "visible")
    saved(page, "再写一句")
    assert draft_of(town, instance) == "再写一句"
    typed(page)
    page.get_by_role("button", name="提交", exact=True).click()
    assert "已提交" in told(page)


@pytest.mark.parametrize("verb", ["hand_over", "return_to", "register_for", "copy_to", "withdraw", "reopen"])
def test_a_double_click_does_it_once(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    expect(play.ready(page)).to_be_visible()
    before = town.said(instance)
    play.pressed(page).dblclick()
    sentence = told(page)
    assert "不能" not in sentence and page.locator("main [role=alert].alert-danger strong").count() == 0
    assert (town.said(instance)[len(before) :]).count(verb) == 1


@pytest.mark.parametrize("verb", ["complete", "return_to", "terminate", "take_back"])
def test_going_back_after_it_was_done_shows_that_it_is_done(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    expect(play.ready(page)).to_be_visible()
    play.press(page)
    told(page)
    before = town.said(instance)
    page.go_back()
    expect(page.locator("h1").first).to_be_visible()
    again = play.pressed(page)
    if again.count():  # a browser that shows the old page once more
        again.click()
    expect(page.locator("main")).to_contain_text(DONE[verb])
    assert town.said(instance) == before


DONE = {
    "complete": "张玲已经办理完毕",
    "return_to": "此任务已由王局办理完毕，不能重复办理。",
    "terminate": "由钱考终止（省里要求本周内定下来），不能再办理。",
    "take_back": "没有可以撤回的提交",
}
"""What one reads then."""


def jumped(town: Town, instance: str) -> None:
    """The office has moved the token on."""
    town.upon("kao", "jump", instance, opinion="联络员出缺", target="check")


def voided(town: Town, instance: str) -> None:
    """The office has voided it."""
    town.upon("kao", "void", instance, opinion="重复了")


def withdrawn(town: Town, instance: str) -> None:
    """Its initiator, the same person in another tab, has withdrawn it."""
    town.upon("ling", "withdraw", instance, opinion="不报了")


CHANGES = {
    "jump": (jumped, "此任务已由系统关闭：钱考跳转，流程已转到别的环节。"),
    "void": (voided, "流程由钱考作废（重复了）"),
    "withdraw": (withdrawn, "流程由张玲撤销（不报了）"),
    "complete": (filled, "此任务已由张玲办理完毕"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_form_that_is_open_while_the_matter_moves_keeps_its_words(town: Town, change: str) -> None:
    do, sentence = CHANGES[change]
    instance = town.begin("reporting", by="ling")
    page = town.tab("ling", f"/tasks/{town.item(instance)['id']}")
    typed(page)
    do(town, instance)
    page.get_by_role("button", name="提交", exact=True).click()
    assert sentence in told(page)
    keeps(page, "complete")
    assert FIGURE in page.locator("#kept").inner_text()
