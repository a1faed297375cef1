"""Tables of figures in a form, on a phone and on a desk."""

import orjson
from playwright.sync_api import Locator, expect

from tests.browser.pages.conftest import LogIn, Served
from tests.engine.runtime.world import FORMS, in_a_row, user

LONG = (
    "构建全区域协同、全要素配置、全链条融合、全方位保障、全社会动员的全域创新格局，建成具有全球影响力的创新中心。"
    * 3
)
COLUMNS = {"target": "指标", "now": "今年", "plan": "规划目标", "june": "6月", "end": "年末"}
ROWS = [
    {
        "target": "KPI03 有效投资",
        "now": "等待市政府下达",
        "plan": "保持适度增长",
        "june": "未填",
        "end": "未填",
    },
    {"target": "ST01 推进城市国际化", "now": "11.9%", "plan": "", "june": "未填", "end": "11.9"},
    {"target": "ST03 落实创新驱动战略", "now": LONG, "plan": "", "june": "", "end": ""},
]


def the_table(served: Served, log_in: LogIn, *, width: int) -> Locator:
    """The table of the head's task."""
    columns = [{"label": label, "key": key} for key, label in COLUMNS.items()]
    table = {
        "type": "table",
        "id": "figures",
        "label": "决定性数据",
        "dataSource": "=rows",
        "columns": columns,
    }
    drawn = {**orjson.loads(FORMS["review.form"]), "id": "figures", "components": [table]}
    process = in_a_row(user("sign", "unit.head", form_id="figures"), process='id="signing" name="签发"')
    served.world.engine.deploy({"signing.bpmn": process, "figures.form": orjson.dumps(drawn)})
    served.world.start("signing", rows=ROWS)
    page = log_in("tou", width=width)
    page.locator("[data-row] a").first.click()
    found = page.locator(".bh-table")
    expect(found).to_be_visible()
    return found


def test_on_a_phone_figures_side_by_side_do_not_run_into_each_other(served: Served, log_in: LogIn) -> None:
    """保持适度增长 reached into 6月 beside it, and 规划目标 stood there with nothing behind it."""
    table = the_table(served, log_in, width=390)
    cells = table.locator("td").evaluate_all(
        "cells => cells.map(one => [one.scrollWidth - one.clientWidth, one.offsetHeight > 0, one.innerText])"
    )
    assert [text for over, _seen, text in cells if over > 0] == []
    assert [seen for _over, seen, text in cells if text == ""] == [False] * 4


def test_what_a_row_is_about_keeps_its_width_beside_long_text(served: Served, log_in: LogIn) -> None:
    """The names of the figures were squeezed into columns of three signs."""
    names = the_table(served, log_in, width=1440).locator("tbody tr td:first-child")
    assert min(names.evaluate_all("cells => cells.map(cell => cell.offsetWidth)")) >= 120


def test_one_long_title_does_not_make_every_other_row_of_the_inbox_two_lines_high(
    served: Served, log_in: LogIn
) -> None:
    """The step and the sender of every row were squeezed beside it, and broke in two."""
    named = in_a_row(user("sign", "unit.head", name="审核督办进展"), process='id="signing" name="签发"')
    drawn = named.replace(
        b"</zeebe:properties></bpmn:extensionElements>",
        b'<zeebe:property name="bihuan:title" value="= topic" /></zeebe:properties></bpmn:extensionElements>',
        1,
    )
    served.world.engine.deploy({"signing.bpmn": drawn, **FORMS})
    for topic in (LONG[:100], "短"):
        served.world.start("signing", topic=topic)
    page = log_in("tou", width=1440)
    heights = page.locator("tr[data-row]").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert len(heights) == 2
    assert min(heights) < 60


def test_the_days_of_a_month_stand_one_below_the_other_at_one_width(served: Served, log_in: LogIn) -> None:
    """A week with a holiday made its days wider than the others."""
    page = log_in("kao", width=1440)
    page.goto(f"{page.url.split('/inbox')[0]}/calendar?year=2018")
    widths = page.locator("table thead tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(one => Math.round(one.getBoundingClientRect().width)))"
    )
    assert len(widths) == 12
    assert all(max(month) - min(month) <= 1 for month in widths)
