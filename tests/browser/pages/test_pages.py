"""A liaison at a desk, a head with a phone, somebody whose browser runs no scripts."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from engine.runtime.setup import Actor
from engine.verbs.door import act
from engine.verbs.instance_door import act_upon
from engine.verbs.visit import Request
from tests.browser.axe import grave_faults
from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.world import in_a_row, user


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_page_is_wider_than_the_screen(log_in: LogIn, served: Served, width: int) -> None:
    page = log_in("ling", width=width)
    item = served.world.item("ling")
    for path in (
        "/inbox", "/inbox?tab=done", "/inbox?tab=started", f"/tasks/{item.item_id}",
        f"/instances/{item.instance_id}", "/account", "/notifications", "/password", "/nothing",
        f"/instances/{item.instance_id}/verbs/copy_to",
    ):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [390, 1440])
def test_where_a_long_name_has_it_now_fits_and_what_was_done_can_be_read(
    log_in: LogIn, served: Served, width: int
) -> None:
    """A step with who has it was one line of 421 px on a phone; what was done was light green on white."""
    world, page = served.world, log_in("ling", width=width)
    instance = world.item("ling").instance_id
    with world.engine.database.write() as connection:
        name = "市人民政府办公厅(口岸管理办公室)政策法规和综合协调处"
        connection.execute(text("update unit set name = :name where code = 'U1'"), {"name": name})
    page.click("[data-row] a")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status").first).to_contain_text("已提交")
    page.goto("/inbox?tab=done")
    page.click("[data-row] a")
    expect(page.get_by_role("status").first).to_contain_text("现在到了")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"/instances/{instance}?said=take_back")
    expect(page.get_by_role("status").first).to_contain_text("已办妥")
    assert grave_faults(page) == []


def test_words_that_were_kept_are_as_wide_as_what_says_so(log_in: LogIn) -> None:
    """On a phone they stood in a narrow box below, 281 px of 390."""
    page = log_in("ling", width=390)
    page.goto("/phrases")
    page.locator("form:not([action*='-']) [name=content]").first.fill("同意。")
    page.get_by_role("button", name="加上").first.click()
    other = page.context.new_page()
    other.goto("/phrases")
    for tab, words in ((other, "同意上报。"), (page, "好")):
        form = tab.locator("form[action*='/phrases/']").first
        form.locator("[name=content]").fill(words)
        form.locator("[value=reword]").click()
    expect(page.locator("#kept")).to_contain_text("好")
    cards = page.locator(".card").evaluate_all("all => all.map(one => Math.round(one.offsetWidth))")
    assert len(cards) == 2 and cards[0] == cards[1]


def test_a_task_is_done_without_any_script(log_in: LogIn, served: Served) -> None:
    page = log_in("ling", scripts=False)
    page.click("[data-row] a")
    page.get_by_label("value").fill("49")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status").first).to_contain_text("已提交")
    assert [row.element_id for row in served.world.inbox("tou")] == ["sign"]


def test_what_is_typed_saves_itself_and_is_there_after_a_reload(log_in: LogIn) -> None:
    page = log_in("ling")
    page.click("[data-row] a")
    page.wait_for_load_state()
    page.get_by_label("value").fill("49")
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已自动保存")
    page.reload()
    expect(page.get_by_label("value")).to_have_value("49")


def test_enter_in_a_field_keeps_a_draft_and_submits_nothing(log_in: LogIn, served: Served) -> None:
    page = log_in("ling")
    page.click("[data-row] a")
    page.get_by_label("value").fill("49")
    page.get_by_label("value").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已暂存")
    expect(page.get_by_label("value")).to_have_value("49")
    assert served.world.item("ling").element_id == "fill"


def test_a_double_click_submits_once(log_in: LogIn, served: Served) -> None:
    page = log_in("ling")
    item = served.world.item("ling")
    page.click("[data-row] a")
    page.get_by_role("button", name="提交").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("已提交")
    assert served.world.said(item.instance_id) == [("complete", "fill", 1)]


def test_the_keyboard_walks_the_list_and_opens_a_row(log_in: LogIn, served: Served) -> None:
    served.world.start()
    page = log_in("ling")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-current")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")


def test_a_head_signs_with_one_thumb(log_in: LogIn, served: Served) -> None:
    served.world.complete("ling", fields={"value": "49"})
    page = log_in("tou", width=390)
    page.click("[data-row] a")
    agree = page.get_by_role("button", name="同意", exact=True).last
    box = agree.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 140
    assert box["y"] > 844 / 2, "within reach of the thumb"
    assert box["y"] + box["height"] <= 844, "in view without scrolling"
    agree.click()
    expect(page.get_by_role("status").first).to_contain_text("已提交")


def test_a_head_sends_back_on_a_page_of_its_own_and_the_liaison_reads_why(
    log_in: LogIn, served: Served
) -> None:
    served.world.complete("ling", fields={"value": "51"})
    head = log_in("tou", width=390)
    head.click("[data-row] a")
    head.get_by_role("button", name="退回").click()
    head.wait_for_url("**/return_to")
    head.get_by_role("button", name="数据有误，请核对后重报。").click()
    reason = head.get_by_label("理由")
    expect(reason).to_have_value("数据有误，请核对后重报。")
    reason.fill("年末应为49")
    head.get_by_role("button", name="退回").click()
    expect(head.get_by_role("status").first).to_contain_text("已提交")
    liaison = log_in("ling", width=390)
    expect(liaison.locator("[data-row]")).to_contain_text("被退回")
    liaison.click("[data-row] a")
    expect(liaison.get_by_label("退回原因")).to_contain_text("年末应为49")
    expect(liaison.get_by_label("value")).to_have_value("51")


def test_the_search_narrows_the_list_while_typing(log_in: LogIn) -> None:
    page = log_in("ling")
    _type(page, "不存在的单位")
    expect(page.locator("#rows")).to_contain_text("没有找到")
    _type(page, "slywyh")
    expect(page.locator("#rows [data-row]")).to_have_count(1)


def _type(page: Page, text: str) -> None:
    box = page.get_by_role("searchbox")
    box.fill("")
    box.press_sequentially(text)


def test_three_people_take_back_copy_and_end_without_any_script(log_in: LogIn, served: Served) -> None:
    """撤回 by who handed it in, 抄送 to a third, 终止 by the office: each reads first what comes of it."""
    world, liaison = served.world, log_in("ling", scripts=False)
    item = world.item("ling")
    liaison.click("[data-row] a")
    liaison.get_by_label("value").fill("49")
    liaison.get_by_role("button", name="提交").click()
    liaison.get_by_role("link", name="撤回").click()
    expect(liaison.locator("#effect")).to_contain_text("“填报目标”交市旅游委员会 · 联络员办理。")
    liaison.get_by_role("button", name="撤回").click()
    expect(liaison.get_by_role("status").first).to_contain_text("“撤回”已办妥")
    expect(liaison.get_by_role("link", name="重新办理")).to_have_attribute(
        "href", f"/tasks/{world.item('ling').item_id}"
    )
    assert world.item("ling").element_id == "fill" and world.inbox("tou") == []
    liaison.get_by_role("link", name="抄送").click()
    liaison.get_by_label("抄送给谁").fill("李联")
    liaison.get_by_role("button", name="抄送").click()
    expect(liaison.locator("#copies")).to_contain_text("未阅")
    reader = log_in("ling2", scripts=False)
    reader.goto(f"/instances/{item.instance_id}")
    reader.get_by_role("button", name="关注").click()
    expect(reader.get_by_role("button", name="取消关注")).to_be_visible()
    office = log_in("kao", scripts=False)
    office.goto(f"/instances/{item.instance_id}")
    office.get_by_role("link", name="终止").click()
    expect(office.locator("#effect")).to_contain_text("本流程终止，不能再办理。")
    office.get_by_label("理由").fill("任务取消")
    office.get_by_role("button", name="终止").click()
    expect(office.get_by_role("status").first).to_contain_text("“终止”已办妥")
    reader.goto("/notifications")
    expect(reader.locator("main")).to_contain_text("您关注的流程已终止")


def test_that_a_year_is_not_known_yet_can_be_read(log_in: LogIn) -> None:
    """It stood there in light orange on white."""
    page = log_in("kao")
    page.goto("/calendar?year=2031")
    expect(page.get_by_role("status")).to_contain_text("这一年的放假安排还没有录入")
    assert grave_faults(page) == []


@pytest.mark.parametrize("width", [390, 1024])
def test_an_address_that_somebody_pastes_widens_no_page(log_in: LogIn, served: Served, width: int) -> None:
    """One address of 170 signs as the matter, or in an opinion, and everybody's list scrolled sideways."""
    long = "https://www.example.gov.cn/" + "a" * 140
    world = served.world
    drawn = in_a_row(
        user("fill", "unit.liaison"), user("sign", "unit.head"), process='id="pasted" name="督办"'
    )
    title = b'<zeebe:property name="bihuan:title" value="= topic" />'
    world.engine.deploy(
        {"pasted.bpmn": drawn.replace(b"</zeebe:properties>", title + b"</zeebe:properties>", 1)}
    )
    by = Actor(world.people["ling"], "张玲")
    given = {"unit": world.unit("U1"), "topic": long}
    instance = world.engine.start("pasted", cycle=world.cycle, variables=given, by=by)
    mine = next(row for row in world.inbox("ling") if row.instance_id == instance)
    asked = Request(version=1, fields={"value": long}, opinion=long)
    act(world.engine, world.person("ling"), mine.item_id, "complete", asked)
    copied = Request(people=(world.people["lu"],), opinion=long)
    act_upon(world.engine, world.person("ling"), instance, "copy_to", copied)
    item = next(row for row in world.inbox("tou") if row.instance_id == instance).item_id
    seen = {
        "tou": ("/inbox", f"/tasks/{item}", f"/tasks/{item}/print", f"/tasks/{item}/verbs/hand_over",
                f"/instances/{instance}", f"/signing?item={item}"),
        "lu": ("/inbox?tab=copies",),
        "ling": ("/inbox?tab=started", "/inbox?tab=done"),
        "kao": ("/office",),
    }  # fmt: skip
    for login, paths in seen.items():
        page = log_in(login, width=width)
        for path in paths:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


UNDER_THE_BAR = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const one = document.activeElement, bar = document.querySelector(".action-bar");
  const here = one.getBoundingClientRect(), there = bar.getBoundingClientRect();
  const covered = here.height > there.top ? here.top > there.top : here.bottom > there.top + 1;
  done(covered && here.top < there.bottom && !bar.contains(one) ? one.outerHTML.slice(0, 80) : "") })))"""


@pytest.mark.parametrize("width", [390, 1440])
def test_where_the_keyboard_goes_is_not_hidden_under_the_bar(log_in: LogIn, width: int) -> None:
    """The phrases, the comment and its button were reached by Tab beneath the bar that stays in sight."""
    page = log_in("ling", width=width)
    page.click("[data-row] a")
    page.wait_for_load_state()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(UNDER_THE_BAR) == ""
        seen.add(page.evaluate("document.activeElement.name"))
        if page.evaluate("document.activeElement.closest('.action-bar') !== null"):
            break
    assert {"opinion", "text"} <= seen
