"""The designer: what a person changes arrives at the server, everything else comes back untouched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.assets.semantics import ids, properties, semantics
from tests.browser.assets.workbench import Workbench

DIAGRAM = Path(__file__).parent / "diagrams" / "fill_and_review.bpmn"
NAME = "fill_and_review.bpmn"
FINDING = {
    "file": NAME,
    "line": 53,
    "element": "review_targets",
    "rule": "form-exists",
    "severity": "error",
    "message": "任务“审核目标”引用的表单 review_targets 不存在。",
    "hint": "在部署里加上这张表单，或改用已有的表单。",
}


@pytest.fixture
def designer(page: Page, workbench: Workbench) -> Locator:
    page.goto("/pages/designer.html")
    opened = page.locator("[data-designer]")
    expect(opened).to_have_attribute("data-shown", "yes")
    return opened


def select(page: Page, element: str) -> None:
    page.locator(f'.djs-element[data-element-id="{element}"]').click()


def field(page: Page, entry: str) -> Locator:
    return page.locator(f'.designer-panel [data-entry-id="{entry}"]')


def deploy(page: Page) -> None:
    page.get_by_role("button", name="部署", exact=True).click()
    page.get_by_role("button", name="确认部署").click()
    expect(page.locator(".designer-notice")).to_contain_text("部署")


def test_a_diagram_that_nobody_changed_is_deployed_without_loss(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    deploy(page)
    expect(page.locator(".designer-notice")).to_contain_text("已部署为第 2 版")
    [files] = workbench.sent_to("/deploy")
    assert semantics(files[NAME]) == semantics(DIAGRAM.read_bytes())


def test_renaming_a_task_in_the_panel_changes_only_its_name(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    select(page, "fill_targets")
    name = field(page, "name").locator('[role="textbox"], textarea, input').first
    name.fill("填写年度目标")
    name.blur()
    expect(page.locator('.djs-element[data-element-id="fill_targets"] text').first).to_contain_text(
        "填写年度"
    )
    expect(page.locator(".designer-state")).to_have_text("有未部署的改动")
    deploy(page)
    [files] = workbench.sent_to("/deploy")
    before = DIAGRAM.read_text(encoding="utf-8").replace('name="填报年度目标">', 'name="填写年度目标">')
    before = before.replace(
        '<bpmn:process id="fill_and_review" name="填写年度目标"',
        '<bpmn:process id="fill_and_review" name="年度目标填报"',
    )
    assert semantics(files[NAME]) == semantics(before.encode())
    expect(page.locator(".designer-state")).to_have_text("")


def test_our_properties_are_edited_by_fields_and_foreign_ones_stay(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    select(page, "review_targets")
    field(page, "bihuan-outcomes").locator("input").fill("approve:通过,return:退回")
    field(page, "bihuan-opinion").locator("select").select_option("required")
    field(page, "bihuan-verbs").get_by_label("催办").check()
    field(page, "bihuan-verbs").get_by_label("退回（到已办过的步骤）").check()
    back_to = field(page, "bihuan-returnTo").locator("select")
    expect(back_to.locator("option")).to_have_text(["<默认>", "填报年度目标"])
    back_to.select_option("fill_targets")
    deploy(page)
    [files] = workbench.sent_to("/deploy")
    assert properties(files[NAME], "review_targets") == {
        "bihuan:outcomes": "approve:通过,return:退回",
        "bihuan:opinion": "required",
        "bihuan:verbs": "urge,return_to",
        "bihuan:returnTo": "fill_targets",
        "other:note": "属性不属于闭环，原样保留",
    }


def test_undo_takes_back_one_change_of_a_property_at_a_time(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    select(page, "review_targets")
    field(page, "bihuan-opinion").locator("select").select_option("none")
    field(page, "bihuan-verbs").get_by_label("催办").check()
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    deploy(page)
    [files] = workbench.sent_to("/deploy")
    assert semantics(files[NAME]) == semantics(DIAGRAM.read_bytes())


def test_findings_are_listed_and_a_press_selects_the_element_and_lights_the_way_to_it(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    way = ["targets_assigned", "to_fill", "fill_targets"]
    workbench.findings = [{**FINDING, "path": way}]
    page.get_by_role("button", name="检查").click()
    finding = page.get_by_role("button", name=re.compile("引用的表单"))
    expect(finding).to_contain_text("第 53 行")
    expect(page.locator(".designer-problems-summary")).to_have_text("1 个错误")
    assert set(workbench.sent_to("/lint")[-1]) == {NAME}
    finding.click()
    expect(page.locator('.djs-element[data-element-id="review_targets"]')).to_have_class(
        re.compile("selected")
    )
    expect(page.locator(".designer-panel")).to_contain_text("审核目标")
    for element in way:
        expect(page.locator(f'.djs-element[data-element-id="{element}"]')).to_have_class(
            re.compile("on-path")
        )
    workbench.findings = []
    page.get_by_role("button", name="检查").click()
    expect(page.locator(".on-path")).to_have_count(0)


@pytest.mark.parametrize("element", ["review_targets", "fill_targets"])
def test_the_panel_offers_no_listeners_which_the_gate_refuses(
    page: Page, designer: Locator, element: str
) -> None:
    select(page, element)
    expect(page.locator('[data-group-id="group-bihuan"]')).to_be_visible()
    expect(page.locator('[data-group-id*="Listeners"]')).to_have_count(0)


def test_a_change_is_checked_without_being_asked(page: Page, designer: Locator, workbench: Workbench) -> None:
    expect(page.locator(".designer-problems-summary")).to_have_text("检查过了，没有问题。")
    workbench.findings = [FINDING]
    select(page, "review_targets")
    field(page, "bihuan-opinion").locator("select").select_option("none")
    expect(page.locator(".designer-problems-summary")).to_have_text("1 个错误")
    assert properties(workbench.sent_to("/lint")[-1][NAME], "review_targets")["bihuan:opinion"] == "none"


def test_a_refused_deployment_says_why_and_keeps_the_changes(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    workbench.deploy_answer = (422, {"findings": [FINDING]})
    select(page, "review_targets")
    field(page, "bihuan-opinion").locator("select").select_option("none")
    deploy(page)
    expect(page.locator(".designer-notice")).to_contain_text("没有部署")
    expect(page.locator(".designer-problems-summary")).to_have_text("1 个错误")
    expect(page.locator(".designer-state")).to_have_text("有未部署的改动")


def test_changes_survive_a_closed_window(page: Page, designer: Locator, workbench: Workbench) -> None:
    select(page, "review_targets")
    field(page, "bihuan-opinion").locator("select").select_option("none")
    page.wait_for_function("() => localStorage.length === 1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="接着改").click()
    deploy(page)
    [files] = workbench.sent_to("/deploy")
    assert properties(files[NAME], "review_targets")["bihuan:opinion"] == "none"


def test_a_new_element_gets_an_id_that_can_be_spoken(
    page: Page, designer: Locator, workbench: Workbench
) -> None:
    select(page, "fill_targets")
    page.locator('.djs-context-pad [data-action="append.gateway"]').click()
    deploy(page)
    [files] = workbench.sent_to("/deploy")
    new = ids(files[NAME]) - ids(DIAGRAM.read_bytes())
    assert {identifier for identifier in new if not identifier.endswith("_di")} == {"gateway_1", "flow_1"}


def test_menus_offer_only_what_the_engine_runs(page: Page, designer: Locator) -> None:
    select(page, "review_targets")
    page.locator('.djs-context-pad [data-action="replace"]').click()
    menu = page.locator(".djs-popup")
    expect(menu).to_contain_text("业务规则任务")
    for refused in ("手工任务", "临时子流程", "事务子流程"):
        expect(menu).not_to_contain_text(refused)


def test_what_a_designer_sees_is_chinese(page: Page, designer: Locator) -> None:
    for element in (
        "fill_targets",
        "targets_in_order",
        "targets_assigned",
        "targets_issued",
        "returned_label",
    ):
        select(page, element)
        expect(page.locator(".designer-panel")).to_contain_text("基本")
    left = page.evaluate("[...document.querySelector('[data-designer]').designer.untranslated]")
    assert left == []


def test_the_mark_of_bpmn_io_is_visible_and_uncovered(page: Page, designer: Locator) -> None:
    box = page.locator(".bjs-powered-by").bounding_box()
    assert box is not None
    for share in (0.1, 0.5, 0.9):
        at = {"x": box["x"] + share * box["width"], "y": box["y"] + share * box["height"]}
        on_top = page.evaluate(
            "({x, y}) => Boolean(document.elementFromPoint(x, y).closest('.bjs-powered-by'))", at
        )
        assert on_top
