"""The designer: a task gets another name and is deployed; a broken diagram is refused."""

import re

from playwright.sync_api import Page, expect

from tests.browser.chromium import each
from tests.browser.planning.people import People
from tests.browser.planning.site import UNITS, Site, start_planning
from tests.browser.planning.steps import assign

PYTHON = "[x for x in plan.objections if __import__('os').getpid()]"


def open_designer(people: People) -> Page:
    """The designer on 单位年度目标, as a person comes to it, after the first check."""
    designer = people["designer"]
    designer.go("/processes")
    row = designer.page.locator("tr[data-row]", has_text="unit_targets")
    row.get_by_role("link", name="设计").click()
    page = designer.page
    expect(page.locator("[data-designer][data-shown=yes]")).to_be_visible()
    expect(page.get_by_text(re.compile("检查过了"))).to_be_visible()
    return page


def deploy(page: Page) -> None:
    """部署, after the question what that means for running work."""
    page.get_by_role("button", name="部署", exact=True).click()
    expect(page.get_by_text(re.compile("进行中的仍按原来的版本走完"))).to_be_visible()
    page.get_by_role("button", name="确认部署").click()


def rename(page: Page, element: str, name: str) -> None:
    """Select an element on the canvas and give it a name in the panel."""
    page.locator(f"[data-element-id={element}]").first.click()
    field = page.locator(".designer-panel").get_by_label("名称", exact=True)
    field.fill(name)
    field.press("Tab")
    expect(page.locator(".designer-state")).to_have_text("有未部署的改动")


def test_a_renamed_task_shows_in_new_work_and_running_work_stays(site: Site, people: People) -> None:
    page = open_designer(people)
    rename(page, "collate_targets", "汇总本单位目标")
    deploy(page)
    expect(page.get_by_text("已部署为第 2 版。")).to_be_visible()
    people["designer"].go("/processes/unit_targets")
    versions = page.locator("tr", has_text=re.compile("第 [12] 版"))
    expect(versions).to_have_count(2)
    expect(versions.filter(has_text="第 1 版").locator("td.number")).to_have_text(str(len(UNITS)))
    expect(versions.filter(has_text="第 2 版").locator("td.number")).to_have_text("0")

    start_planning(site.address, cycle_of_2017(site))
    for year in ("2017", "2018"):
        liaison = people["u39.liaison"]
        liaison.row("分办目标", year).get_by_role("link").first.click()
        liaison.finish()
        people["u39.division"].row("填报年度目标", year).get_by_role("link").first.click()
        write(people["u39.division"].page)
        people["u39.division"].finish()
    expect(people["u39.liaison"].row("汇总本单位目标")).to_contain_text("2017")
    expect(people["u39.liaison"].row("汇总年度目标")).to_contain_text("2018")


def write(page: Page) -> None:
    """What every target needs."""
    for person in each(page.get_by_label("具体责任人")):
        person.fill("周敏")
    for measures in each(page.get_by_label("方法与措施")):
        measures.fill("分季度推进。")


def cycle_of_2017(site: Site) -> str:
    """The cycle that nobody has begun."""
    return str(site.scalar("select id from cycle where year = 2017"))


def test_a_python_condition_is_refused_with_its_place_and_nothing_changes(site: Site, people: People) -> None:
    assign(people, "u39")
    page = open_designer(people)
    drawn = site.engine.definitions
    with site.engine.database.read() as connection:
        content = drawn.latest(connection, "process", "unit_targets").content.decode()
    broken = content.replace("= plan.openObjections &gt; 0", PYTHON)
    assert broken != content
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="打开文件").click()
    chooser.value.set_files(
        {"name": "unit_targets.bpmn", "mimeType": "application/xml", "buffer": broken.encode()}
    )
    finding = page.locator(".designer-finding").first
    expect(finding).to_be_visible()
    expect(finding).to_contain_text("错误")
    expect(finding).to_contain_text(re.compile(r"第 \d+ 行"))
    deploy(page)
    expect(page.get_by_text(re.compile("没有部署"))).to_be_visible()
    with site.engine.database.read() as connection:
        assert len(drawn.versions(connection, "process", "unit_targets")) == 1
        assert drawn.latest(connection, "process", "unit_targets").content.decode() == content
    finding.click()
    expect(page.locator(".designer-panel")).to_contain_text("条件")
