"""转办, 委派 and 后加签 in the browser: three people, each of whom reads first what comes of it."""

from playwright.sync_api import Page, expect

from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.world import in_a_row, user

STEPS = in_a_row(
    user("report", "unit.liaison", name="填报数据", verbs="hand_over"),
    user(
        "review",
        "unit.head",
        name="审核数据",
        form_id="review",
        outcomes="approve:同意,return:退回",
        verbs="hand_over,ask,add_after",
    ),
    process='id="reporting" name="数据上报"',
)


def ask(page: Page, button: str, *, who: str, why: str) -> str:
    """Say whom and why, read the effect, confirm; what was read."""
    if who:
        page.locator("#who").fill(who)
    page.get_by_label("理由").fill(why)
    page.get_by_role("button", name="先看结果").click()
    expect(page.locator("main")).to_contain_text("办了以后")
    told = page.locator("#effect").inner_text()
    page.get_by_role("button", name=f"确认{button}").click()
    return told


def test_three_people_hand_over_ask_and_sign_after_one_another(log_in: LogIn, served: Served) -> None:
    world = served.world
    world.deploy(reporting=STEPS)
    world.start("reporting")
    liaison, head, deputy = (log_in(one, scripts=False) for one in ("ling", "tou", "lu"))
    item = world.item("ling", "report").item_id
    liaison.goto(f"/tasks/{item}")
    liaison.get_by_role("link", name="转办").click()
    assert "转到陆副。" in ask(liaison, "转办", who="陆副", why="出差")
    deputy.goto(f"/tasks/{item}")
    deputy.get_by_label("value").fill("49")
    deputy.get_by_role("button", name="提交").click()
    expect(deputy.get_by_role("status").first).to_contain_text("已提交")
    item = world.item("tou", "review").item_id
    head.goto(f"/tasks/{item}/verbs")
    head.get_by_role("link", name="委派").click()
    assert "办完后回到您这里" in ask(head, "委派", who="张玲", why="请先核一遍")
    expect(head.locator("main")).to_contain_text("等张玲先办")
    liaison.goto(f"/tasks/{world.item('ling', 'review').item_id}")
    liaison.get_by_label("意见").fill("核过，属实")
    liaison.get_by_role("button", name="回复委派").click()
    expect(liaison.locator("main")).to_contain_text("核过，属实")
    head.goto(f"/tasks/{item}/verbs/add_after")
    head.locator("#who").fill("陆副")
    head.get_by_label("理由").fill("请一并签署")
    head.get_by_role("button", name="先看结果").click()
    expect(head.locator("main")).to_contain_text("陆副办理过本事项的前面环节，不能审批自己办过的")
    ask(head, "后加签", who="李联", why="请一并签署")
    head.get_by_role("button", name="同意", exact=True).click()
    expect(head.locator("main")).to_contain_text("李联")
    third = log_in("ling2", scripts=False)
    third.goto(f"/tasks/{world.item('ling2', 'review').item_id}")
    expect(third.locator("main")).to_contain_text("王局请您签署")
    third.get_by_role("button", name="同意", exact=True).click()
    expect(third.get_by_role("status").first).to_contain_text("已提交")
    assert world.inbox("tou") == []


def test_these_pages_fit_a_phone(log_in: LogIn, served: Served) -> None:
    world = served.world
    world.deploy(reporting=STEPS)
    world.start("reporting")
    page = log_in("ling", width=390)
    item = world.item("ling", "report").item_id
    for path in (f"/tasks/{item}", f"/tasks/{item}/verbs", f"/tasks/{item}/verbs/hand_over"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
