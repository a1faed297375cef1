"""Decision tables: hit policies, defaults, allowed values, and what is told about them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.dmn import Decisions, read
from engine.feel import Value
from tests.engine.dmn.models import decision, model, table

D = Decimal
BANDS = [
    (">= 90", '"绿/优秀"'),
    ("[80..90)", '"蓝/良好"'),
    ("[60..80)", '"黄/一般"'),
    ("< 60", '"红/较差"'),
]
OVERLAPPING = [(">= 60", '"及格"', "1"), (">= 80", '"良"', "2"), (">= 90", '"优"', "3")]


def only(logic: str) -> Decisions:
    return read(model(decision("d", logic)), file="table.dmn")


@pytest.mark.parametrize(
    ("score", "zone"),
    [("90", "绿/优秀"), ("89.980", "蓝/良好"), ("80", "蓝/良好"), ("79.99", "黄/一般"), ("59.9", "红/较差")],
)
def test_unique_table_gives_the_one_row_that_matches(score: str, zone: str) -> None:
    outcome = only(table(["score"], ["zone"], BANDS)).decide("d", {"score": D(score)})
    assert outcome.value == zone
    assert outcome.warnings == []
    [trace] = outcome.decisions
    assert trace.id == "d"
    assert trace.inputs == {"score": D(score)}
    assert [BANDS[rule.number - 1][1] for rule in trace.rules] == [f'"{zone}"']


POLICIES: list[tuple[str, str, Value, list[int]]] = [
    ("UNIQUE", "95", None, []),
    ("FIRST", "95", {"grade": "及格", "points": D(1)}, [1]),
    ("ANY", "65", {"grade": "及格", "points": D(1)}, [1]),
    ("ANY", "95", None, []),
    ("PRIORITY", "95", {"grade": "优", "points": D(3)}, [3]),
    ("PRIORITY", "85", {"grade": "良", "points": D(2)}, [2]),
    ("RULE ORDER", "85", [{"grade": "及格", "points": D(1)}, {"grade": "良", "points": D(2)}], [1, 2]),
    ("OUTPUT ORDER", "85", [{"grade": "良", "points": D(2)}, {"grade": "及格", "points": D(1)}], [1, 2]),
    ("COLLECT", "85", [{"grade": "及格", "points": D(1)}, {"grade": "良", "points": D(2)}], [1, 2]),
    ("FIRST", "10", None, []),
]


@pytest.mark.parametrize(("policy", "score", "expected", "fired"), POLICIES)
def test_hit_policies(policy: str, score: str, expected: Value, fired: list[int]) -> None:
    logic = table(["score"], ["grade", "points"], OVERLAPPING, policy=policy, values=['"优","良","及格"'])
    outcome = only(logic).decide("d", {"score": D(score)})
    assert outcome.value == expected
    assert [rule.number for rule in outcome.decisions[0].rules] == fired
    assert [rule.id for rule in outcome.decisions[0].rules] == [f"r{number}" for number in fired]


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", D(6)), ("MIN", D(1)), ("MAX", D(3)), ("COUNT", D(3))]
)
def test_collect_aggregates(aggregation: str, expected: Value) -> None:
    rules = [(test, points) for test, _, points in OVERLAPPING]
    logic = table(["score"], ["points"], rules, policy="COLLECT", aggregation=aggregation)
    assert only(logic).decide("d", {"score": 95}).value == expected


def test_unique_table_with_two_matches_is_null_and_says_so() -> None:
    outcome = only(table(["score"], ["points"], [("> 1", "1"), ("> 2", "2")])).decide("d", {"score": 3})
    assert outcome.value is None
    assert [warning.code for warning in outcome.warnings] == ["hit_policy"]


def test_default_output_stands_in_when_no_rule_matches() -> None:
    outcome = only(table(["score"], ["points"], [("> 90", "1")], defaults=["0"])).decide("d", {"score": 3})
    assert outcome.value == D(0)
    assert outcome.decisions[0].rules == ()


def test_value_outside_the_allowed_ones_gives_null_and_a_located_warning() -> None:
    logic = table(["grade"], ["points"], [('"优"', "1"), ("-", "0")], policy="FIRST", allowed=['"优","良"'])
    assert only(logic).decide("d", {"grade": "优"}).value == D(1)
    outcome = only(logic).decide("d", {"grade": "很好"})
    assert outcome.value is None
    assert [(warning.code, warning.position[0]) for warning in outcome.warnings] == [("not_allowed", 2)]


def test_cells_may_use_other_inputs_and_the_question_mark() -> None:
    rules = [("> limit", "1"), ("? < limit and ? > 0", "2"), ("limit", "3")]
    decisions = only(table(["score"], ["points"], rules))
    assert [decisions.decide("d", {"score": score, "limit": 5}).value for score in (6, 4, 5, -1)] == [
        1,
        2,
        3,
        None,
    ]


def test_same_decisions_serve_many_calls() -> None:
    decisions = only(table(["score"], ["zone"], BANDS))
    zones = [decisions.decide("d", {"score": score}).value for score in range(0, 101, 10)]
    assert zones == ["红/较差"] * 6 + ["黄/一般"] * 2 + ["蓝/良好"] + ["绿/优秀"] * 2
