"""The assessment's formulas as FEEL, with exact figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import Value, Warning, evaluate
from engine.feel.text import number_text

D = Decimal

TOTAL_2010 = "0.65 * E + 0.05 * L + 0.25 * P + 0.05 * V"
TOTAL_2008 = "0.70 * I + 0.30 * X"
DEPARTMENT = "0.45 * 业绩 + 0.20 * 效率 + 0.25 * 执行力 + 0.10 * 成本"
DISTRICT = "0.10 * 经济调节 + 0.45 * 公共服务 + 0.25 * 社会管理 + 0.20 * 市场监管"
BASE_AND_BONUS = "(0.6 * A + 0.3 * B + 0.1 * C) * scale + min(plus, 50) - min(minus, 50)"
ACHIEVED = 'round half up(min(1, if dir = "up" then actual / target else target / actual), 4)'
SATISFIED = "round half up(100 * sum(sublist(counts, 1, 3)) / sum(counts), 2)"
SURVEY = "sum(for i in 1..5 return counts[i] * [100, 80, 60, 30, 0][i]) / sum(counts)"
WEIGHTED = "sum(for i in items return i.w * (alpha * i.real + (1 - alpha) * i.meas)) / sum(items.w) * 100"
GROWTH = '100 * (if dir = "up" then target - own best else own best - target) / own best'
TRIMMED = "(sum(marks) - max(marks) - min(marks)) / (count(marks) - 2)"
RATES = "0.30 * responded + 0.35 * resolved + 0.35 * satisfied"

FIGURES: list[tuple[str, dict[str, Value], str]] = [
    (TOTAL_2010, {"E": D("95.2"), "L": 92, "P": D("70.5"), "V": 88}, "88.505"),
    (f"round half up({TOTAL_2010}, 2)", {"E": D("95.2"), "L": 92, "P": D("70.5"), "V": 88}, "88.51"),
    (TOTAL_2010, {"E": 100, "L": 100, "P": 100, "V": 100}, "100.00"),
    (TOTAL_2010, {"E": 90, "L": 80, "P": D("62.6"), "V": 75}, "81.900"),
    (f"round half up({TOTAL_2010}, 2)", {"E": 98, "L": 96, "P": D("73.7"), "V": 90}, "91.43"),
    (TOTAL_2008, {"I": 96, "X": D("73.7")}, "89.310"),
    (TOTAL_2008, {"I": 97, "X": D("73.7")}, "90.010"),
    (TOTAL_2008, {"I": 100, "X": D("66.6")}, "89.980"),
    ("round half up((S - 0.30 * X) / 0.70, 3)", {"S": D("89.46"), "X": D("73.7")}, "96.214"),
    (DEPARTMENT, {"业绩": 96, "效率": 90, "执行力": 94, "成本": 88}, "93.50"),
    (DEPARTMENT, {"业绩": D("82.5"), "效率": 91, "执行力": 77, "成本": 60}, "80.575"),
    (DISTRICT, {"经济调节": 92, "公共服务": 85, "社会管理": 88, "市场监管": 90}, "87.45"),
    (DISTRICT, {"经济调节": 100, "公共服务": 60, "社会管理": 80, "市场监管": 80}, "73.00"),
    (BASE_AND_BONUS, {"A": 92, "B": D("86.5"), "C": 95, "scale": 10, "plus": 12, "minus": 5}, "913.50"),
    (BASE_AND_BONUS, {"A": 92, "B": D("86.5"), "C": 95, "scale": 10, "plus": 73, "minus": 61}, "906.50"),
    (BASE_AND_BONUS, {"A": 75, "B": D("60.4"), "C": 80, "scale": 1, "plus": 0, "minus": 50}, "21.12"),
    (ACHIEVED, {"target": 49, "actual": 52, "dir": "down"}, "0.9423"),
    (ACHIEVED, {"target": 49, "actual": 47, "dir": "down"}, "1.0000"),
    (ACHIEVED, {"target": 87, "actual": 85, "dir": "up"}, "0.9770"),
    (ACHIEVED, {"target": 62176, "actual": 60000, "dir": "up"}, "0.9650"),
    (ACHIEVED, {"target": 280, "actual": 266, "dir": "up"}, "0.9500"),
    ("sum(v)", {"v": [62176, 48903, 41153, 31819]}, "184051"),
    (GROWTH, {"target": 108, "own best": 100, "dir": "up"}, "8"),
    (f"round half up({GROWTH}, 2)", {"target": 37, "own best": 42, "dir": "down"}, "11.90"),
    (SATISFIED, {"counts": [120, 80, 40, 18, 12]}, "88.89"),
    (SATISFIED, {"counts": [60, 50, 30, 25, 15]}, "77.78"),
    (SATISFIED, {"counts": [85, 0, 0, 10, 5]}, "85.00"),
    (f"round half up({SURVEY}, 4)", {"counts": [120, 80, 40, 18, 12]}, "79.0370"),
    (
        "sum(for l in 1..3 return w[l] * "
        "(sum(for i in 1..5 return layers[l][i] * [100, 80, 60, 30, 0][i]) / sum(layers[l])))",
        {
            "w": [D("0.5"), D("0.3"), D("0.2")],
            "layers": [[30, 40, 20, 8, 2], [50, 30, 15, 3, 2], [20, 20, 30, 20, 10]],
        },
        "75.37",
    ),
    (
        "round half up(mean(scores[item != null]) * 20, 4)",
        {"scores": [5, 5, 4, 4, 4, 5, 3, None, 4, 5]},
        "86.6667",
    ),
    (
        "round half up(0.42 * trimmed(a) + 0.56 * trimmed(b) + 0.42 * trimmed(c), 4)",
        {
            "a": [D("0.9"), D("0.8"), D("0.7"), D("1.0"), D("0.6")],
            "b": [D("0.8"), D("0.8"), D("0.9"), D("0.7"), D("0.6")],
            "c": [D("0.7")] * 5,
            "trimmed": evaluate(f"function(marks) {TRIMMED}"),
        },
        "1.0593",
    ),
    ("floor(n * 0.15)", {"n": 40}, "6"),
    ("floor(staff * (base + delta) / 100)", {"staff": 60, "base": 15, "delta": 3}, "10"),
    (
        "round half up(0.45 * target + 0.50 * social + sum(marks) / count(marks) + innovation, 4)",
        {
            "target": D("85.1663"),
            "social": D("84.6"),
            "marks": [5, 5, 4, 4, 4, 5, 3, 4, 5],
            "innovation": D("1.5593"),
        },
        "86.5175",
    ),
    ("round half up(100 * (actual - plan) / plan, 2)", {"actual": 28000, "plan": 31088}, "-9.93"),
    (RATES, {"responded": 98, "resolved": 80, "satisfied": 85}, "87.15"),
]


@pytest.mark.parametrize(("formula", "inputs", "expected"), FIGURES)
def test_figures(formula: str, inputs: dict[str, Value], expected: str) -> None:
    warnings: list[Warning] = []
    result = evaluate(formula, inputs, warnings=warnings)
    assert isinstance(result, Decimal)
    assert number_text(result) == expected
    assert warnings == []


def test_target_completion_of_weighted_items_and_key_challenges() -> None:
    items = [
        {"w": 40, "real": 1, "meas": D("0.9")},
        {"w": 30, "real": D("0.95"), "meas": D("0.8")},
        {"w": 20, "real": D("0.92"), "meas": 0},
        {"w": 10, "real": 1, "meas": 1},
    ]
    formula = f"{{weighted: {WEIGHTED}, base: 0.95 * weighted, bonus: 5 * over / total, score: base + bonus}}"
    result = evaluate(formula, {"items": items, "alpha": D("0.6"), "over": 2, "total": 3})
    assert isinstance(result, dict)
    assert result["weighted"] == D("86.14")
    assert result["base"] == D("81.833")
    assert evaluate("round half up(b, 4)", {"b": result["bonus"]}) == D("3.3333")
    assert evaluate("round half up(s, 4)", {"s": result["score"]}) == D("85.1663")
    assert evaluate("round half up(0.45 * s, 4)", {"s": result["score"]}) == D("38.3249")


def test_a_bonus_promotes_without_squeezing_others_out() -> None:
    units = [
        {"name": "A", "pre": D("93.0"), "bonus": 0},
        {"name": "B", "pre": D("92.0"), "bonus": 0},
        {"name": "C", "pre": D("91.5"), "bonus": D("1.0")},
        {"name": "D", "pre": D("90.0"), "bonus": D("1.0")},
    ]
    cutoff = evaluate("sort(units.pre, function(a, b) a > b)[quota]", {"units": units, "quota": 2})
    assert cutoff == D("92.0")
    chosen = evaluate(
        "sort(units[pre + bonus >= cutoff], function(a, b) a.pre + a.bonus > b.pre + b.bonus).name",
        {"units": units, "cutoff": cutoff},
    )
    assert chosen == ["A", "C", "B"]


def test_standard_scores_change_the_winner() -> None:
    text = (
        "{sd: function(m) sqrt(mean(for x in m return (x - mean(m)) ** 2)), "
        "z: function(m) for x in m return (x - mean(m)) / sd(m), "
        "means: for i in 1..3 return round half up((z(a)[i] + z(b)[i]) / 2, 4)}.means"
    )
    assert evaluate(text, {"a": [90, 80, 70], "b": [88, 92, 90]}) == [D(0), D("0.6124"), D("-0.6124")]


def test_a_challenge_is_high_or_better_than_before() -> None:
    rule = (
        "{high: better or rank <= 3 or gain > 3, ahead: "
        f"{GROWTH} >= 10, both: high and ahead, either: high or ahead}}"
    )
    cases: list[tuple[dict[str, Value], list[bool]]] = [
        ({"rank": 2, "gain": 0, "target": 108}, [True, False, False, True]),
        ({"rank": 2, "gain": 0, "target": 110}, [True, True, True, True]),
        ({"rank": 9, "gain": 4, "target": 110}, [True, True, True, True]),
        ({"rank": 4, "gain": 3, "target": 150}, [False, True, False, True]),
    ]
    for given, expected in cases:
        result = evaluate(rule, {"better": False, "own best": 100, "dir": "up", **given})
        assert isinstance(result, dict)
        assert list(result.values()) == expected
