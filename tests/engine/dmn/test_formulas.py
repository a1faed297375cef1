"""The assessment's rules as decision tables, with exact figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.dmn import read
from engine.feel import Value
from tests.engine.dmn.models import decision, literal, model, needs, table

D = Decimal
ZONES = table(
    ["score"],
    ["zone"],
    [(">= 90", '"绿/优秀"'), ("[80..90)", '"蓝/良好"'), ("[60..80)", '"黄/一般"'), ("< 60", '"红/较差"')],
)


@pytest.mark.parametrize(
    ("inputs", "score", "zone"),
    [
        ({"E": D("95.2"), "L": 92, "P": D("70.5"), "V": 88}, "88.505", "蓝/良好"),
        ({"E": 100, "L": 100, "P": 100, "V": 100}, "100", "绿/优秀"),
        ({"E": 90, "L": 80, "P": D("62.6"), "V": 75}, "81.9", "蓝/良好"),
        ({"E": 98, "L": 96, "P": D("73.7"), "V": 90}, "91.425", "绿/优秀"),
    ],
)
def test_total_and_zone_of_2010(inputs: dict[str, Value], score: str, zone: str) -> None:
    total = decision("score", literal("0.65 * E + 0.05 * L + 0.25 * P + 0.05 * V"))
    outcome = read(model(total + decision("zone", ZONES, needs=needs(decisions=["score"])))).decide(
        "zone", inputs
    )
    assert outcome.value == zone
    assert outcome.decisions[0].value == D(score)
    assert outcome.warnings == []


QUOTA_RULES = [
    ('"2010"', '"优"', "-", "3"),
    ('"2010"', '"差"', "-", "-3"),
    ('"1+3"', '"优秀"', ">= 3", "5"),
    ('"1+3"', '"较差"', ">= 3", "-5"),
]


@pytest.mark.parametrize(
    ("rule", "grade", "streak", "ratio", "seats"),
    [
        ("2010", "优", 1, 18, 10),
        ("1+3", "优秀", 3, 20, 12),
        ("2010", "差", 1, 12, 7),
        ("1+3", "较差", 3, 10, 6),
        ("2010", "良", 1, 15, 9),
    ],
)
def test_quota_of_excellent_staff(rule: str, grade: str, streak: int, ratio: int, seats: int) -> None:
    delta = decision("delta", table(["rule", "grade", "streak"], ["delta"], QUOTA_RULES, defaults=["0"]))
    logic = literal("{ratio: base + delta, seats: floor(staff * ratio / 100)}")
    quota = decision("quota", logic, needs=needs(decisions=["delta"]))
    outcome = read(model(delta + quota)).decide(
        "quota", {"rule": rule, "grade": grade, "streak": streak, "base": 15, "staff": 60}
    )
    assert outcome.value == {"ratio": D(ratio), "seats": D(seats)}


@pytest.mark.parametrize(
    ("month", "actual", "deviation", "light"),
    [
        (6, 28000, "-9.93", "黄"),
        (6, 30500, "-1.89", "绿"),
        (9, 47000, "0.79", "绿"),
        (6, 27000, "-13.15", "红"),
    ],
)
def test_monitoring_light(month: int, actual: int, deviation: str, light: str) -> None:
    plan = decision("plan", literal("62176 * month / 12"))
    gap = decision(
        "gap", literal("round half up(100 * (actual - plan) / plan, 2)"), needs=needs(decisions=["plan"])
    )
    lights = table(["gap"], ["light"], [(">= -5", '"绿"'), ("[-10..-5)", '"黄"'), ("< -10", '"红"')])
    outcome = read(model(decision("light", lights, needs=needs(decisions=["gap"])) + plan + gap)).decide(
        "light", {"month": month, "actual": actual}
    )
    assert outcome.value == light
    assert outcome.decisions[1].value == D(deviation)


@pytest.mark.parametrize(
    ("rate", "cases", "last", "status"),
    [
        ("96.2", 340, False, "优秀"),
        ("90.0", 120, False, "达标"),
        ("89.94", 3988, True, "不合格→黄牌(末位)"),
        ("68.07", 196, True, "不合格→黄牌(末位)"),
        ("85", 12, True, "只测评不公布"),
        ("85", 120, False, "不合格"),
    ],
)
def test_hotline_status(rate: str, cases: int, last: bool, status: str) -> None:
    rules = [
        ("< 20", "-", "-", '"只测评不公布"'),
        ("-", ">= 95", "-", '"优秀"'),
        ("-", ">= 90", "-", '"达标"'),
        ("-", "< 90", "true", '"不合格→黄牌(末位)"'),
        ("-", "-", "-", '"不合格"'),
    ]
    logic = table(["cases", "rate", "last of group"], ["status"], rules, policy="FIRST")
    given: dict[str, Value] = {"cases": cases, "rate": D(rate), "last of group": last}
    assert read(model(decision("status", logic))).decide("status", given).value == status


@pytest.mark.parametrize(("weight", "valid"), [("4.9", False), ("5.0", True), ("12", True)])
def test_least_weight_of_services(weight: str, valid: bool) -> None:
    logic = table(["weight"], ["valid"], [(">= 5", "true"), ("< 5", "false")])
    assert read(model(decision("d", logic))).decide("d", {"weight": D(weight)}).value is valid


@pytest.mark.parametrize(
    ("external", "survey", "valid"),
    [("30", "15", True), ("29.9", "15", False), ("35", "14.9", False), ("40", "25", True)],
)
def test_least_share_of_outside_judgement(external: str, survey: str, valid: bool) -> None:
    logic = table(["external", "survey"], ["valid"], [(">= 30", ">= 15", "true")], defaults=["false"])
    given: dict[str, Value] = {"external": D(external), "survey": D(survey)}
    assert read(model(decision("d", logic))).decide("d", given).value is valid
