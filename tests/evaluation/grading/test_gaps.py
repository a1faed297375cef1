"""What is still missing, as the office reads it: said once for all units, then a line a unit."""

from decimal import Decimal

from api.office.grading import Results
from processes.evaluation.grading.marks import Component, Gap

PARTS = {key: Component(key, label, Decimal(100), True) for key, label in (("a", "甲项"), ("b", "乙项"))}


def results(units: int, *missing: tuple[str, str]) -> Results:
    gaps = [Gap(unit, f"{unit}局", PARTS[part], "还没有得分") for unit, part in missing]
    return Results(
        cycle={}, rows=[], calculated=[], ties="", gaps=gaps, units=units, snapshots=[], appeals=[],
        sheets={}, columns=[], locks_on="", lines=[], may_grade=False, may_feed_back=False, may_import=False,
    )  # fmt: skip


def test_what_all_units_lack_is_said_once() -> None:
    found = results(2, ("一", "a"), ("二", "a"), ("二", "b"))
    assert found.lacking == ["甲项"]
    assert found.gap_lines == [{"unit": "二局", "parts": ["乙项（还没有得分）"]}]


def test_what_some_units_lack_stands_in_one_line_a_unit() -> None:
    found = results(3, ("一", "a"), ("一", "b"), ("二", "a"))
    assert found.lacking == []
    assert [(line["unit"], len(line["parts"])) for line in found.gap_lines] == [("一局", 2), ("二局", 1)]
