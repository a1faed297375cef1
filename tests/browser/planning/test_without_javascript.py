"""With scripts switched off everything that must be done can be done."""

from playwright.sync_api import expect

from tests.browser.planning.people import DESK, People
from tests.browser.planning.site import Site
from tests.browser.planning.steps import assign, fill

PLAIN = {**DESK, "java_script_enabled": False}


def test_a_task_is_done_without_javascript(site: Site, people: People) -> None:
    assign(people, "u20")
    fill(people, "u20")
    liaison = people.on(PLAIN, "u20.liaison", place="plain")
    liaison.open("汇总年度目标")
    page = liaison.page
    expect(page.get_by_text("流程图要用浏览器的脚本功能显示")).to_be_visible()
    functions = page.get_by_role("region", name="职能指标")
    functions.get_by_role("button", name="添加一行").click()
    expect(functions.locator(".bh-row")).to_have_count(1)
    functions.get_by_label("指标名称").fill("旅游市场秩序整治")
    functions.get_by_label("年度要求").fill("投诉办结率 98% 以上")
    functions.get_by_label("权重").fill("130")
    functions.get_by_label("方法与措施").fill("联合执法。")
    liaison.press("提交")
    wrong_input_comes_back(people)
    functions.get_by_label("权重").fill("100")
    functions.get_by_label("具体责任人").fill("周敏")
    liaison.finish()
    people["u20.deputy"].open("审核年度目标")
    expect(people["u20.deputy"].page.get_by_text("旅游市场秩序整治").first).to_be_visible()


def wrong_input_comes_back(people: People) -> None:
    """A sentence beside each wrong field, a list of them at the top, and everything as it was typed."""
    page = people.on(PLAIN, "u20.liaison", place="plain").page
    functions = page.get_by_role("region", name="职能指标")
    expect(page.locator("#form-errors")).to_be_visible()
    expect(page.locator("#form-errors li")).to_have_count(2)
    for label, value in (("指标名称", "旅游市场秩序整治"), ("权重", "130"), ("方法与措施", "联合执法。")):
        expect(functions.get_by_label(label)).to_have_value(value)
    for label in ("权重", "具体责任人"):
        field = functions.get_by_label(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        sentence = (field.get_attribute("aria-describedby") or "").split()[-1]
        expect(page.locator(f"#{sentence}")).to_be_visible()
    for label in ("指标名称", "年度要求", "方法与措施"):
        expect(functions.get_by_label(label)).not_to_have_attribute("aria-invalid", "true")


def test_a_draft_is_kept_without_javascript(people: People) -> None:
    liaison = people.on(PLAIN, "u20.liaison", place="plain")
    liaison.open("分办目标")
    liaison.page.get_by_label("意见").fill("请各处室本周内填好")
    liaison.press("暂存")
    expect(liaison.page.get_by_text("已暂存。")).to_be_visible()
    liaison.open("分办目标")
    expect(liaison.page.get_by_label("意见")).to_have_value("请各处室本周内填好")
