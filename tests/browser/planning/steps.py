"""What a unit's people, the office and the bodies do on their pages, each in a word."""

from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import each
from tests.browser.planning.people import People, Person

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""The smallest scan of minutes that is taken for one."""


def card(page: Page, heading: str) -> Locator:
    """One card of a list of rows, by what its heading says."""
    return page.locator(".bh-row.card").filter(has=page.locator(".card-header", has_text=heading))


def line(page: Page, text: str) -> Locator:
    """One line of a table of rows."""
    return page.locator("tr.bh-row", has_text=text)


def assign(people: People, code: str) -> None:
    """分办: every target to the division that is proposed."""
    liaison = people[f"{code}.liaison"]
    liaison.open("分办目标")
    liaison.finish()


def fill(people: People, code: str, *, june: str = "", year_end: str = "") -> None:
    """填报: who does it and how; milestones of the first figure that has one."""
    division = people[f"{code}.division"]
    division.open("填报年度目标")
    write_shares(division.page)
    if june:
        first = division.page.locator("tr.bh-row").first
        first.get_by_label("6月节点").fill(june)
        first.get_by_label("年末节点").fill(year_end)
    division.finish()


def write_shares(page: Page) -> None:
    """A responsible person and measures for every target on the page."""
    for number, person in enumerate(each(page.get_by_label("具体责任人")), 1):
        person.fill(f"责任人{number}")
    for measures in each(page.get_by_label("方法与措施")):
        measures.fill("分季度推进，每月调度，每季度报告。")


def collate(people: People, code: str) -> None:
    """汇总, with one function indicator of full weight."""
    liaison = people[f"{code}.liaison"]
    liaison.open("汇总年度目标")
    add_function(liaison, "政务服务效能提升", "100")
    liaison.finish()


def add_function(liaison: Person, title: str, weight: str) -> None:
    """Add one row to 职能指标 and fill it in."""
    functions = liaison.page.get_by_role("region", name="职能指标")
    functions.get_by_role("button", name="添加一行").click()
    row = functions.locator(".bh-row").last
    row.get_by_label("指标名称").fill(title)
    row.get_by_label("权重").fill(weight)
    row.get_by_label("年度要求").fill("群众办事平均跑动不超过一次")
    row.get_by_label("具体责任人").fill("周敏")
    row.get_by_label("方法与措施").fill("梳理事项，一窗受理。")


def lead(people: People, code: str) -> None:
    """审核 at the desk and 签发 on the phone."""
    deputy = people[f"{code}.deputy"]
    deputy.open("审核年度目标")
    deputy.finish("同意")
    head = people.on_phone(f"{code}.head")
    head.open("签发年度目标")
    thumb_reaches(head.page, "同意")
    head.finish("同意")


def thumb_reaches(page: Page, label: str) -> None:
    """The primary action is in the lower third, high enough for a thumb, with nothing upon it."""
    button = page.locator(".action-bar").get_by_role("button", name=label, exact=True)
    box, screen = button.bounding_box(), page.viewport_size
    assert box is not None
    assert screen is not None
    assert box["height"] >= 44
    assert box["width"] >= 88
    assert screen["height"] * 2 / 3 < box["y"]
    assert box["y"] + box["height"] <= screen["height"]
    at_middle = "(b) => { const r = b.getBoundingClientRect();" \
        " return b.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)) }"  # fmt: skip
    assert button.evaluate(at_middle), "something lies upon the button"
    nothing_below(page)


def nothing_below(page: Page) -> None:
    """Scrolled to its end, a page shows its last line above the bar.

    The diagram is drawn a moment after the page and moves what is under it, so the page is measured in one go
    and again until it has come to rest: two boxes read one after the other may be of two different layouts.
    """
    page.wait_for_function(
        "() => { window.scrollTo(0, document.documentElement.scrollHeight);"
        " const bar = document.querySelector('.action-bar').getBoundingClientRect();"
        " const last = [...document.querySelectorAll('main .card')].at(-1).getBoundingClientRect();"
        " return last.bottom <= bar.top + 1 }"
    )
    page.evaluate("window.scrollTo(0, 0)")


def office_passes(people: People, unit: str) -> None:
    """认领 and 通过."""
    reviewer = people["office.reviewer"]
    reviewer.claim("审核单位目标", unit)
    reviewer.finish("通过")


def review(people: People, body: str, step: str) -> None:
    """One of the three joint reviewers passes."""
    reviewer = people[f"review.{body}"]
    reviewer.open(step)
    reviewer.finish("通过")


def register(people: People, step: str, meeting: str, *, day: date) -> None:
    """代录: the meeting, its day, its minutes as a scan, and that every unit passed."""
    secretary = people["committee.secretary"]
    secretary.open(step)
    page = secretary.page
    page.get_by_label("会议名称").fill(meeting)
    page.locator("input[type=date]").fill(day.isoformat())
    page.get_by_label("文号").fill(f"{meeting}纪要")
    page.locator("input[type=file]").set_input_files(
        {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("radio", name="全部通过").check()
    secretary.finish("代录：登记")
    expect(page.get_by_role("link", name="会议纪要.pdf").first).to_be_visible()
