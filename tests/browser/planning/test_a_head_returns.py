"""市环保局: PM2.5 is locked at 49; a year-end milestone of 51 comes back from the head's phone."""

import re

from playwright.sync_api import expect

from tests.browser.planning.people import People
from tests.browser.planning.site import Site
from tests.browser.planning.steps import assign, card, line, thumb_reaches, write_shares

REASON = "年末应为49"


def test_what_a_head_returns_on_the_phone_is_corrected_and_comes_straight_back(
    site: Site, people: People
) -> None:
    reach_the_head(people)
    the_head_returns(people)
    the_liaison_corrects(people)
    the_head_signs(people)
    assert milestones(site) == {6: "55", 12: "49"}
    assert people["u39.deputy"].steps() == []


def reach_the_head(people: People) -> None:
    """June 55 and year-end 51 pass the division, the liaison and the deputy."""
    assign(people, "u39")
    division = people["u39.division"]
    division.open("填报年度目标")
    write_shares(division.page)
    division.finish()
    liaison = people["u39.liaison"]
    liaison.open("汇总年度目标")
    pm = line(liaison.page, "KPI08")
    expect(pm.locator(".bh-locked").filter(has_text="年度目标值")).to_contain_text("49")
    pm.get_by_label("6月节点").fill("55")
    pm.get_by_label("年末节点").fill("51")
    card(liaison.page, "KPI08").get_by_label("方法与措施").fill("淘汰老旧柴油车，治理扬尘。")
    liaison.finish()
    people["u39.deputy"].open("审核年度目标")
    people["u39.deputy"].finish("同意")


def the_head_returns(people: People) -> None:
    """On the phone the facts come first; the reason gets a page of its own."""
    head = people.on_phone("u39.head")
    head.open("签发年度目标")
    facts = head.page.locator(".bh-table tr", has_text="KPI08").first
    expect(facts).to_contain_text("49")
    expect(facts).to_contain_text("55")
    expect(facts).to_contain_text("51")
    thumb_reaches(head.page, "同意")
    head.press("退回")
    thumb_reaches(head.page, "退回")
    head.page.get_by_role("radio", name=re.compile("^退回到“汇总年度目标”")).check()
    head.page.get_by_label("理由").fill(REASON)
    expect(head.page.get_by_role("radio", name=re.compile("直接回到我这里"))).to_be_checked()
    head.press("退回")
    head.submitted()


def the_liaison_corrects(people: People) -> None:
    """The reason stands at the top, what was written is kept, the way back is said."""
    liaison = people["u39.liaison"]
    row = liaison.row("汇总年度目标")
    expect(row).to_contain_text("被退回")
    row.get_by_role("link").first.click()
    page = liaison.page
    returned = page.get_by_role("region", name="退回原因")
    expect(returned).to_contain_text(REASON)
    expect(returned).to_contain_text("签发年度目标")
    box = returned.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 450, "the reason is at the top of the page"
    pm = line(page, "KPI08")
    expect(pm.get_by_label("6月节点")).to_have_value("55")
    expect(pm.get_by_label("年末节点")).to_have_value("51")
    expect(card(page, "KPI08").get_by_label("方法与措施")).to_have_value("淘汰老旧柴油车，治理扬尘。")
    expect(page.locator(".action-bar")).to_contain_text("提交后直接回到：签发年度目标")
    pm.get_by_label("年末节点").fill("49")
    liaison.finish()


def the_head_signs(people: People) -> None:
    """It is with the head again at once, with the corrected figure; the deputy was not asked again."""
    head = people.on_phone("u39.head")
    head.open("签发年度目标")
    facts = head.page.locator(".bh-table tr", has_text="KPI08").first
    expect(facts.locator("td[data-label=年末]")).to_contain_text("49")
    head.finish("同意")


def milestones(site: Site) -> dict[int, str]:
    """The stored milestones of PM2.5, by month."""
    rows = site.rows(
        "select s.month, s.value from milestone s join target_measure m on m.id = s.measure_id "
        "join target t on t.id = m.target_id join cycle c on c.id = t.cycle_id "
        "where t.code = 'KPI08' and c.year = 2018"
    )
    return {row["month"]: str(row["value"]) for row in rows}
