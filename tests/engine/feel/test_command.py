"""What the command line answers."""

from __future__ import annotations

from engine.feel.command import answer


def test_the_answer_is_plain_json() -> None:
    assert answer("score * 1.10", {"score": 10}) == {
        "value": "11.00",
        "type": "number",
        "warnings": [],
        "decisions": [],
    }
    assert answer('@"2018-06-30" + @"P1M"', {})["value"] == "2018-07-30"
    assert answer("[1, {a: null}]", {}) == {
        "value": ["1", {"a": None}],
        "type": "list",
        "warnings": [],
        "decisions": [],
    }


def test_warnings_say_code_and_position() -> None:
    warnings = answer("1 + nothing", {})["warnings"]
    assert isinstance(warnings, list)
    assert [(warning["code"], warning["position"]) for warning in warnings] == [
        ("unknown_name", [1, 5]),
        ("wrong_type", [1, 3]),
    ]
