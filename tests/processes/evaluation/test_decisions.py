"""The other decisions, rule by rule: notices, samples, exemptions, routes, awards, sanctions."""

from decimal import Decimal
from typing import Any

import pytest

from processes.evaluation.rulebook import NoAnswer
from tests.processes.evaluation.asking import exact, rulebook, scheme

HANGZHOU = "hangzhou_13fyp"


def decide(decision: str, profile: str = HANGZHOU, **inputs: Any) -> Any:
    return rulebook().decide(decision, {**exact(inputs), "scheme": scheme(profile)}).value


def light(**progress: Any) -> tuple[Any, Any]:
    usual = {
        "kind": "count",
        "target": 62176,
        "month": 6,
        "milestone": None,
        "direction": "up",
        "late_days": 0,
    }
    said = decide("deviation_light", progress={**usual, **progress})
    return said["light"], said["reason"]


def test_june_2017_is_yellow_and_after_the_correction_red_with_a_notice() -> None:
    assert light(actual=28000) == ("黄", "偏差 -9.93%")
    assert light(actual=27900) == ("红", "偏差 -10.25%")
    issue = {"count": 1, "reporters": 1, "repeats": 0, "serious": False, "failures": 0, "light": "红"}
    assert decide("notice_trigger", issue=issue)["notice"] == "绩效改进通知单"


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        ({"kind": "count", "target": 1200, "actual": 570}, "绿"),
        ({"kind": "count", "target": 1200, "actual": Decimal("569.99")}, "黄"),
        ({"kind": "count", "target": 1200, "actual": 540}, "黄"),
        ({"kind": "count", "target": 1200, "actual": Decimal("539.99")}, "红"),
        ({"kind": "rate", "target": 87, "actual": 85}, "绿"),
        ({"kind": "rate", "target": 49, "actual": 52, "direction": "down"}, "黄"),
        ({"kind": "rate", "target": 49, "actual": 40, "direction": "down"}, "绿"),
        ({"kind": "count", "target": 1200, "milestone": 100, "actual": 100}, "绿"),
        ({"kind": "yearly", "target": 8, "actual": None}, None),
        ({"kind": "yearly", "target": 8, "actual": 8, "month": 12}, "绿"),
        ({"kind": "yearly", "target": 8, "actual": None, "late_days": 1}, "黄"),
        ({"kind": "count", "target": 1200, "actual": 600, "late_days": 1}, "黄"),
        ({"kind": "count", "target": 1200, "actual": 600, "late_days": 2}, "红"),
    ],
)
def test_lights(progress: dict[str, Any], expected: str | None) -> None:
    assert light(**progress)[0] == expected


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({}, "无"),
        ({"count": 9}, "无"),
        ({"count": 10}, "绩效改进通知单"),
        ({"repeats": 3}, "绩效改进通知单"),
        ({"count": 10, "serious": True}, "督办函"),
        ({"repeats": 3, "serious": True}, "督办函"),
        ({"count": 10, "serious": True, "failures": 2}, "约谈"),
        ({"failures": 1}, "无"),
    ],
)
def test_notices(changes: dict[str, Any], notice: str) -> None:
    issue = {"count": 1, "reporters": 1, "repeats": 0, "serious": False, "failures": 0, "light": None}
    assert decide("notice_trigger", issue={**issue, **changes})["notice"] == notice


@pytest.mark.parametrize(
    ("item", "sampled"),
    [
        ({"key": True, "risk": "normal", "drawn": False}, True),
        ({"key": False, "risk": "high", "drawn": False}, True),
        ({"key": False, "risk": "normal", "drawn": True}, True),
        ({"key": False, "risk": "normal", "drawn": False}, False),
        ({"key": None, "risk": "normal", "drawn": None}, False),
    ],
)
def test_samples(item: dict[str, Any], sampled: bool) -> None:
    assert decide("sampling", item=item)["sampled"] is sampled


@pytest.mark.parametrize(
    ("item", "method"),
    [
        ({"source": "other", "risk": "high", "evidence": "site"}, None),
        ({"source": "self", "risk": "high", "evidence": "papers"}, "综合验证"),
        ({"source": "self", "risk": "normal", "evidence": "site"}, "现场验证"),
        ({"source": "self", "risk": "normal", "evidence": "papers"}, "工作底单核验"),
    ],
)
def test_what_a_unit_reports_itself_is_always_verified(item: dict[str, Any], method: str | None) -> None:
    said = decide("verification_method", item=item)
    assert (said["compulsory"], said["method"]) == (method is not None, method)


@pytest.mark.parametrize(
    ("ledger", "effect", "system", "violation", "exempt"),
    [
        (True, True, False, True, True),
        (True, False, True, False, True),
        (True, False, True, True, False),
        (False, True, False, False, False),
        (None, None, None, None, False),
    ],
)
def test_exemption(ledger: Any, effect: Any, system: Any, violation: Any, exempt: bool) -> None:
    target = {"ledger_clear": ledger, "effect_visible": effect}
    unit = {"system_good": system, "violation_last_year": violation}
    assert decide("exemption", target=target, unit=unit) is exempt


def test_achievement_stays_between_nought_and_one() -> None:
    for target, actual, direction, expected in [(8, -1, "up", 0), (8, 9, "up", 1), (5, 0, "down", 1)]:
        result = {"target": target, "actual": actual, "direction": direction}
        assert decide("achievement", result=result) == expected
    with pytest.raises(NoAnswer):
        decide("achievement", result={"target": 0, "actual": 1, "direction": "up"})


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({}, "general"),
        ({"volume": 10, "impact": True, "solvable_this_year": True}, "key"),
        ({"volume": 10, "impact": True, "solvable_this_year": False}, "general"),
        ({"volume": 10, "impact": True, "solvable_this_year": True, "years_repeated": 2}, "tracked"),
        ({"volume": 10, "years_repeated": 2, "solved": True}, "general"),
        ({"volume": 10, "years_repeated": 2, "hearing_topic": True}, "hearing"),
    ],
)
def test_the_strongest_route_wins(changes: dict[str, Any], route: str) -> None:
    opinion = {
        "volume": 1,
        "impact": False,
        "solvable_this_year": False,
        "years_repeated": 0,
        "solved": False,
    }
    assert decide("opinion_routing", opinion={**opinion, "hearing_topic": False, **changes}) == route


def test_a_first_rectification_fails_and_the_second_passes() -> None:
    first = decide("satisfaction", answers={"counts": [60, 50, 30, 25, 15]})
    second = decide("satisfaction", answers={"counts": [120, 80, 40, 18, 12]})
    assert (str(first["rate"]), first["pass"]) == ("77.78", False)
    assert (str(second["rate"]), second["pass"]) == ("88.89", True)
    nobody = decide("satisfaction", answers={"counts": [0, 0, 0, 0, 0]})
    assert (nobody["rate"], nobody["score"], nobody["pass"]) == (None, None, None)


@pytest.mark.parametrize(
    ("rank", "tied", "award", "committee"),
    [
        (1, 1, "创新奖", False),
        (6, 1, "创新奖", False),
        (6, 2, None, True),
        (7, 1, "创新提名奖", False),
        (14, 1, "创新提名奖", False),
        (24, 1, "创新鼓励奖", False),
        (23, 3, None, True),
        (25, 1, None, False),
    ],
)
def test_awards_go_by_rank_and_ties_over_a_line_to_the_committee(
    rank: int, tied: int, award: str | None, committee: bool
) -> None:
    said = decide("award", entries=40, project={"rank": rank, "tied": tied})
    assert (said["award"], said["committee"]) == (award, committee)


def test_an_expert_who_abstains_is_left_out() -> None:
    rows = decide("normalised_scores", scores=[[90, 80, 70], [88, None, 90], [80, 80, 80]])
    assert [row["raw"] for row in rows] == [86, 80, 80]
    assert rows[1]["z"] == 0
    assert [row["raw_rank"] for row in rows] == [1, 2, 2]


def sanctions(profile: str, **record: Any) -> list[str]:
    usual = {"streak": 1, "fraud": False, "violation": None, "person": False}
    try:
        return [one["measure"] for one in decide("sanctions", profile, record={**usual, **record})]
    except NoAnswer:
        return []


def test_sanctions_are_listed_in_their_order() -> None:
    assert sanctions("shenzhen_2010", grade="良") == []
    worst = ["责令限期整改", "通报批评", "诫勉谈话", "取消评先评优资格", "向市政府写出整改报告"]
    assert sanctions("shenzhen_2010", grade="差") == worst
    assert sanctions("shenzhen_2008", grade="一般") == ["责令限期整改"]
    assert sanctions("shenzhen_2008", grade="较差", streak=2) == ["责令限期整改"]
    assert sanctions("shenzhen_2008", grade="较差", streak=3) == [*worst, "建议组织部门调整或免职"]
    assert sanctions(HANGZHOU, grade="先进", fraud=True) == ["直接定为不合格"]
    assert sanctions(HANGZHOU, grade="达标", violation="serious", person=True) == [
        "通报批评",
        "建议按管理权限给予处分",
    ]


def test_vetoes_flags_and_failures_lead_to_what_the_scheme_says() -> None:
    vetoed = sanctions("zhangjiajie_2009", grade="合格", vetoed=True)
    assert vetoed == ["责令限期整改", "取消评先评优资格"]
    assert sanctions(HANGZHOU, grade="达标", flags=["rectification"]) == ["责令限期整改"]
    assert sanctions(HANGZHOU, grade="达标", flags=["data_fraud"]) == []  # by its gravity alone
    assert sanctions(HANGZHOU, grade="达标", failures=1) == []
    assert sanctions(HANGZHOU, grade="达标", failures=2) == ["建议追究主要负责人责任"]


def test_only_rectification_is_ordered_all_else_is_recommended_to_who_decides() -> None:
    record = {"grade": "较差", "streak": 3, "fraud": False, "violation": "grave", "person": True}
    found = decide("sanctions", "shenzhen_2008", record=record)
    ordered = [one["measure"] for one in found if one["way"] == "order"]
    assert ordered == ["责令限期整改", "向市政府写出整改报告"]
    who = {one["measure"]: one["authority"] for one in found if one["way"] == "recommend"}
    assert who["建议组织部门调整或免职"] == "市委组织部"
    assert who["建议按管理权限给予处分"] == "市监察局"
    assert who["直接定为不合格"] == "市政府绩效评估与管理委员会"


def test_a_streak_needs_years_that_are_known() -> None:
    record = {"grade": "优秀", "streak": 2, "known_years": 2, "staff": 60}
    said = decide("civil_ratio", "shenzhen_2008", record=record)
    assert (said["note"], said["ratio_pct"], said["seats"]) == ("数据不足", 15, 9)
    said = decide("civil_ratio", "shenzhen_2008", record={**record, "known_years": 5})
    assert (said["note"], said["ratio_pct"]) == ("不变", 15)


def test_a_relative_reading_of_the_ratio_is_the_schemes_to_say() -> None:
    record = exact({"grade": "优", "streak": 1, "staff": 60})
    relative = scheme("shenzhen_2010", civil={"reading": "relative"})
    found = rulebook().decide("civil_ratio", {"record": record, "scheme": relative}).value
    assert isinstance(found, dict)
    assert (found["ratio_pct"], found["seats"]) == (Decimal("15.45"), 9)
