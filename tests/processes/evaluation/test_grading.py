"""Ranks, quotas, vetoes, ties and innovation that squeezes nobody out."""

from typing import Any

import pytest

from engine.feel.codec import dumps, loads
from processes.evaluation.scoring import Scored
from tests.processes.evaluation.cities import by_name, grades, hangzhou, scored, zhangjiajie

ZHANGJIAJIE = "zhangjiajie_2009"
HANGZHOU = "hangzhou_13fyp"
FIXED_TWO: dict[str, Any] = {"rounding": "fixed", "share": 2}


def ranks(result: Scored) -> dict[str, int]:
    return {unit.unit: unit.rank for unit in result.units}


def rules(result: Scored, unit: str) -> list[str]:
    return [rule.id for rule in by_name(result)[unit].rules]


def test_of_49_units_13_are_excellent_and_36_pass() -> None:
    rows = [zhangjiajie(f"市直单位{number:02}", 50 + number) for number in range(1, 46)]
    rows += [zhangjiajie(name, 40 + number, group="区县") for number, name in enumerate("永武慈桑")]
    found = grades(scored(ZHANGJIAJIE, rows))
    assert sorted(found.values()).count("优秀") == 13
    assert sorted(found.values()).count("合格") == 36
    assert found["市直单位45"] == "优秀"


def test_ranks_are_counted_inside_the_group() -> None:
    rows = [
        zhangjiajie("甲", 90, group="一"),
        zhangjiajie("乙", 80, group="二"),
        zhangjiajie("丙", 70, group="一"),
    ]
    assert ranks(scored(ZHANGJIAJIE, rows)) == {"甲": 1, "乙": 1, "丙": 2}


def test_equal_scores_share_a_rank_and_the_next_one_is_left_out() -> None:
    rows = [zhangjiajie("甲", 80), zhangjiajie("乙", 90), zhangjiajie("丙", 80), zhangjiajie("丁", 70)]
    assert ranks(scored(ZHANGJIAJIE, rows)) == {"乙": 1, "甲": 2, "丙": 2, "丁": 4}


def test_a_quota_may_be_counted_inside_each_group() -> None:
    rows = [zhangjiajie(f"{group}{mark}", mark, group=group) for group in "一二" for mark in (90, 80, 70)]
    rows += [zhangjiajie("二95", 95, group="二")]
    found = grades(scored(ZHANGJIAJIE, rows, grades={"scope": "group"}))
    assert {name for name, grade in found.items() if grade == "优秀"} == {"一90", "二95"}


@pytest.mark.parametrize(("rounding", "seats"), [("ceiling", 3), ("floor", 2)])
def test_seats_are_rounded_as_the_scheme_says(rounding: str, seats: int) -> None:
    rows = [zhangjiajie(str(number), number) for number in range(10)]
    found = grades(scored(ZHANGJIAJIE, rows, grades={"rounding": rounding}))
    assert list(found.values()).count("优秀") == seats


def test_a_veto_bars_the_best_grade_and_leaves_the_score() -> None:
    rows = [zhangjiajie("甲", 98, veto=True), *(zhangjiajie(str(number), 50 + number) for number in range(7))]
    result = scored(ZHANGJIAJIE, rows)
    first = by_name(result)["甲"]
    assert (str(first.total), first.rank, first.grade) == ("980.00", 1, "合格")
    assert "grade_barred" in rules(result, "甲")
    assert grades(result)["6"] == grades(result)["5"] == "优秀", "the next one moves up"


def test_the_seat_of_a_vetoed_unit_may_stay_empty() -> None:
    rows = [zhangjiajie("甲", 98, veto=["安全生产"]), zhangjiajie("乙", 90), zhangjiajie("丙", 80)]
    rows += [zhangjiajie(str(number), number) for number in range(5)]
    found = grades(scored(ZHANGJIAJIE, rows, veto={"seat": "empty"}))
    assert [name for name, grade in found.items() if grade == "优秀"] == ["乙"]


def test_a_veto_may_force_the_lowest_grade() -> None:
    rows = [zhangjiajie("甲", 98, veto=True), zhangjiajie("乙", 90)]
    assert grades(scored(ZHANGJIAJIE, rows, veto={"effect": "lowest"})) == {"甲": "不合格", "乙": "优秀"}


def test_a_tie_at_the_cut_is_left_to_the_committee() -> None:
    rows = [zhangjiajie(name, mark) for name, mark in zip("甲乙丙丁", (90, 80, 80, 70), strict=True)]
    result = scored(ZHANGJIAJIE, rows, grades=FIXED_TWO)
    assert grades(result) == {"甲": "优秀", "乙": "合格", "丙": "合格", "丁": "合格"}
    assert "grade_tied" in rules(result, "乙")
    assert "grade_tied" in rules(result, "丙")
    assert "grade_tied" not in rules(result, "丁")


def test_a_tie_that_fits_needs_nobody() -> None:
    rows = [zhangjiajie(name, mark) for name, mark in zip("甲乙丙", (80, 80, 70), strict=True)]
    assert grades(scored(ZHANGJIAJIE, rows, grades=FIXED_TWO)) == {"甲": "优秀", "乙": "优秀", "丙": "合格"}


def test_innovation_lifts_a_unit_without_squeezing_another_out() -> None:
    """A 93, B 92, C 91.5 + 1, D 90 + 1 and two places: A, B and C."""
    rows = [hangzhou("A", 93), hangzhou("B", 92), hangzhou("C", 91.5, 1), hangzhou("D", 90, 1)]
    result = scored(HANGZHOU, rows, grades=FIXED_TWO)
    assert grades(result) == {"A": "先进", "B": "先进", "C": "先进", "D": "达标"}
    assert [unit.unit for unit in result.units if unit.promoted] == ["C"]
    assert ranks(result) == {"A": 1, "C": 2, "B": 3, "D": 4}
    assert "grade_promoted" in rules(result, "C")


def test_who_is_tied_at_the_line_is_not_overtaken_by_an_equal_score_with_a_bonus() -> None:
    rows = [hangzhou("A", 93), hangzhou("B", 92), hangzhou("C", 92), hangzhou("D", 91, 1)]
    tied = scored(HANGZHOU, rows, grades=FIXED_TWO)
    assert grades(tied) == {"A": "先进", "B": "达标", "C": "达标", "D": "达标"}
    rows[3] = hangzhou("D", 91, 1.5)
    assert grades(scored(HANGZHOU, rows, grades=FIXED_TWO))["D"] == "先进"


def test_the_corrected_mark_changes_the_zone_and_the_group_is_ranked_anew() -> None:
    """95.2 is corrected to 97.5 on appeal: 88.51 blue becomes 90.00 green."""
    others = {"leaders": 92, "survey": 70.5, "epoll": 88}
    rows = [{"unit": "甲局", "electronic": 95.2, **others}, {"unit": "乙局", "electronic": 96, **others}]
    before = by_name(scored("shenzhen_2010", rows))
    assert (str(before["甲局"].total_exact), str(before["甲局"].total)) == ("88.505", "88.51")
    assert (before["甲局"].zone, before["甲局"].grade, before["甲局"].rank) == ("蓝", "良", 2)
    after = by_name(scored("shenzhen_2010", [{**rows[0], "electronic": 97.5}, rows[1]]))
    assert (str(after["甲局"].total), after["甲局"].zone, after["甲局"].grade) == ("90.00", "绿", "优")
    assert (after["甲局"].rank, after["乙局"].rank) == (1, 2)


@pytest.mark.parametrize(("judged", "zone"), [("exact", "蓝"), ("total", "绿")])
def test_whether_89_995_is_90_is_the_schemes_to_say(judged: str, zone: str) -> None:
    rows = [{"unit": "甲局", "internal": "89.995", "external": "89.995"}]
    [unit] = scored("shenzhen_2008", rows, total={"judged": judged}).units
    assert (str(unit.total), unit.zone) == ("90.00", zone)


@pytest.mark.parametrize(
    ("mark", "zone", "grade"),
    [
        (90, "绿", "优秀"),
        (75, "蓝", "良好"),
        ("74.999", "黄", "一般"),
        (60, "黄", "一般"),
        ("59.9", "红", "较差"),
    ],
)
def test_zones_begin_at_their_line(mark: object, zone: str, grade: str) -> None:
    [unit] = scored("shenzhen_2008", [{"unit": "甲局", "internal": mark, "external": mark}]).units
    assert (unit.zone, unit.grade) == (zone, grade)


def test_plus_and_minus_are_capped_one_by_one_and_what_counted_is_told() -> None:
    [unit] = scored(ZHANGJIAJIE, [zhangjiajie("甲", 90, plus=73, minus=8)]).units
    assert (str(unit.total), unit.components["plus"], unit.components["minus"]) == ("942.00", 50, 8)
    assert "plus_capped" in [rule.id for rule in unit.rules]


def test_the_way_to_a_grade_is_kept_whole() -> None:
    result = scored(HANGZHOU, [hangzhou("甲", 90, 1)])
    decisions = {one.id: one for one in result.units[0].decisions}
    assert list(decisions) == [
        "counted_measure", "target_mark", "target_score", "weighted_parts", "composite_score", "plus_minus",
        "total_score", "veto", "zone", "grade",
    ]  # fmt: skip
    assert decisions["composite_score"].rules[0].text.startswith("杭州")
    assert [one.id for _, one in result.over] == ["ranking", "seats", "cutoff", "no_squeeze"]
    for one in (*decisions.values(), *(one for _, one in result.over)):
        assert loads(dumps(one.value)) == one.value, "an instance or a snapshot can keep it"
    assert loads(dumps(result.scheme)) == result.scheme
    assert set(decisions) <= set(result.digests)
    assert result.inputs[0]["unit"] == "甲"
