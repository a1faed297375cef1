"""What people read is written as Chinese is written: full-width punctuation, units with their signs."""

import csv
import re

import pytest

from tests.words.texts import GAP, ROOT, texts

WIDE = "㐀-鿿“”《》"
RULES = {
    "after Chinese": re.compile(rf"[{WIDE}〕）][,;:!?](?!\w*=)"),
    "before Chinese": re.compile(rf"(?:^|(?<=[{GAP}\w%])) ?[,;:] ?(?=[㐀-鿿“《])", re.MULTILINE),
    "brackets": re.compile(rf"[{WIDE}][()]|[()][{WIDE}]"),
    "unit": re.compile(r"[uμµ]g/m3|\bm[23]\b|[元个户]/m2"),
}
ALLOWED = {
    "区、县(市)": "a group of units as the plan prints it; tables are looked up by it",
    "市综合考评委员会(市绩效管理委员会)": "a body as the table prints it; looked up by it",
    "approve:同意,return:退回": "the syntax of bihuan:outcomes, quoted for designers",
    "{名称: 值}": "the shape of a value, quoted for whoever writes JSON",
    "按 ? 看键盘操作": "names the key to press",
    r"[-/.月](\d{1,2})日": "a pattern of dates as spreadsheets hold them",
    r"(\d+)号": "a pattern of document numbers",
    r"'：: '": "what is stripped off",
}
ENGLISH = ("docs/developer.md", "docs/api.md")
"""Written in English; the Chinese terms in it stand between English punctuation."""


def faults(text: str) -> list[str]:
    text = re.sub(r"“[,;:!?()]”", GAP, text)  # a mark that is quoted as such
    for allowed in ALLOWED:
        text = text.replace(allowed, GAP)
    return [
        f"{name}: …{text[max(0, hit.start() - 12) : hit.end() + 12]!r}"
        for name, rule in RULES.items()
        for hit in rule.finditer(text)
    ]


def test_every_text_has_the_punctuation_and_the_units_of_chinese() -> None:
    found = [f"{where}: {fault}" for where, text in texts() if where not in ENGLISH for fault in faults(text)]
    assert found == [], "\n".join(found)


def test_the_data_of_the_city_name_units_as_people_write_them() -> None:
    for name in ("kpi_measures.csv", "kpi_annual.csv", "special_measures.csv"):
        with (ROOT / "processes/data" / name).open(encoding="utf-8") as file:
            units = {row["unit"] for row in csv.DictReader(file)}
        assert not {unit for unit in units if RULES["unit"].search(unit)}


@pytest.mark.parametrize(
    "wrong",
    [
        "关键指标 3 项, 专项目标 1 项",
        "第 2 行:缺少单位",
        "已通过; 请继续",
        "联合审核(财政)",
        f"{GAP}, 应为 100",
        "年均浓度 49 μg/m3",
    ],
)
def test_the_scan_finds_what_is_wrong(wrong: str) -> None:
    assert faults(wrong)


@pytest.mark.parametrize("right", ["关键指标 3 项，专项目标 1 项", "PM2.5 (p95)", "49 μg/m³", "P3D,P1D"])
def test_the_scan_leaves_what_is_right(right: str) -> None:
    assert not faults(right)
