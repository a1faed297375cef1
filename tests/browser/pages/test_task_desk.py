"""One head at one desk: phrases, who comes next, a drawn signature, a comment, keys, several at once."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.browser.axe import grave_faults
from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.world import in_a_row, user

BOTH = "approve:同意,return:退回"
STAFF = '= holders(post(assessor, "office.staff"))'
CHECK = in_a_row(
    user("fill", "unit.liaison", name="填报年度目标"),
    user(
        "check", "unit.head", name="审核年度目标", outcomes=BOTH, opinion="required:return", writable="note",
        signature="required:approve", nextHandler=f"after → {STAFF}", verbs="return_to,hand_over,ask",
    ),
    user("after", "unit.vice_head", name="下达"),
)  # fmt: skip
LOOK = in_a_row(user("look", "unit.head", name="阅签", outcomes=BOTH, writable="")).replace(
    b"planning", b"reading"
)


def waiting(served: Served) -> None:
    """A task to sign for 王局, and two more that need nothing but a yes."""
    world = served.world
    world.deploy(planning=CHECK, reading=LOOK)
    instance = world.start()
    world.engine.drain()
    (mine,) = [one for one in world.inbox("ling") if one.instance_id == instance]
    fields = {"value": "49", "note": "三季度完成"}
    act(world.engine, world.person("ling"), mine.item_id, "complete", Request(version=1, fields=fields))
    world.engine.drain()
    world.start("reading")
    world.start("reading")


def draw(page: Page) -> None:
    """A stroke with the mouse, kept."""
    canvas = page.locator("canvas.signature-pad")
    canvas.drag_to(canvas, source_position={"x": 40, "y": 30}, target_position={"x": 200, "y": 80})
    keep = page.get_by_role("button", name="保存这个签名")
    expect(keep).to_be_enabled()
    keep.click()


def picture(page: Page, name: str) -> None:
    """A picture for who wants to look, in the folder that BIHUAN_PICTURES names."""
    folder = os.environ.get("BIHUAN_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def both_widths(page: Page, name: str) -> None:
    picture(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    overflowing = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    page.wait_for_function(overflowing)
    picture(page, f"{name}_390")
    page.set_viewport_size({"width": 1440, "height": 844})


def test_a_head_signs_one_with_everything_and_two_at_once(served: Served, log_in: LogIn) -> None:
    waiting(served)
    page = log_in("tou")
    page.locator("[data-row]", has_text="审核年度目标").get_by_role("link").click()
    page.get_by_role("button", name="已核对，同意。").click()
    expect(page.locator("#opinion")).to_have_value("已核对，同意。")
    page.get_by_role("link", name="先手写或上传签名").click()
    both_widths(page, "signatures")
    draw(page)
    expect(page.locator("#signature img")).to_be_visible()
    expect(page.locator("#opinion")).to_have_value("已核对，同意。")  # left behind as a draft
    page.get_by_label("“下达”交给谁办").select_option(label="冯二")
    page.get_by_role("button", name="谁接着办").click()
    expect(page.locator("#route")).to_contain_text("冯二")
    page.locator("#comment-text").fill("@李联 请看")
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#comments")).to_contain_text("没有叫“李联”、又能看这个流程的人")
    page.locator("#comment-text").fill("@张玲 三季度的依据请补上")
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#comments")).to_contain_text("三季度的依据请补上")
    assert grave_faults(page) == []
    both_widths(page, "task")
    page.keyboard.press("?")
    expect(page.locator("[data-keys-help]")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("a")
    expect(page.get_by_text("已提交。")).to_be_visible()
    expect(page.locator(".history").first).to_contain_text("“下达”交给冯二")
    expect(page.locator(".history img.signature")).to_be_visible()
    page.get_by_role("link", name="打印").click()
    expect(page.locator("table.opinions")).to_contain_text("已核对，同意。")
    both_widths(page, "print")

    page.goto("/inbox")
    boxes = page.locator("[data-choosing] [name=item]")
    expect(boxes).to_have_count(2)
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="一起看、一起签").click()
    expect(page.get_by_text("可以签 2 项")).to_be_visible()
    assert grave_faults(page) == []
    both_widths(page, "signing")
    page.get_by_label("已逐项看过").check()
    page.get_by_role("button", name="确认签署").click()
    expect(page.get_by_text("已签署 2 项。")).to_be_visible()
