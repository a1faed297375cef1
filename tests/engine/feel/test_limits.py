"""Every limit can be set for a call and for a process, and is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields

import pytest

from engine.feel import FeelSyntaxError, Limits, Warning, evaluate
from engine.feel.limits import limits_of, variable_of

OVER: dict[str, tuple[int, str, str]] = {
    "steps": (50, "count(for i in 1..60 return i)", "limit.steps"),
    "depth": (5, "{f: function(n) if n = 0 then 0 else f(n - 1), r: f(9)}.r", "limit.depth"),
    "list_size": (10, "for i in 1..11 return i", "limit.list"),
    "range_size": (10, "count(for i in 1..11 return 1)", "limit.range"),
    "string_size": (10, '"123456" + "123456"', "limit.string"),
    "number_digits": (5, 'number("123456")', "bad_call"),
    "pattern_size": (5, 'matches("a", "aaaaaa")', "limit.pattern"),
    "pattern_input": (5, 'matches("aaaaaa", "a")', "limit.pattern"),
    "pattern_steps": (50, 'matches("aaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*b")', "limit.pattern"),
}
"""A low limit, what goes over it, and the code of the warning."""

CHILD = """
import json, sys
from engine.feel import evaluate, FeelSyntaxError
found = []
evaluate(sys.argv[1], warnings=found)
print(json.dumps([one.code for one in found]))
"""


def codes(text: str, limits: Limits) -> list[str]:
    """The codes of what an evaluation warns of."""
    found: list[Warning] = []
    assert evaluate(text, warnings=found, limits=limits) is None
    return [one.code for one in found]


@pytest.mark.parametrize("name", OVER)
def test_a_limit_of_a_call_is_kept(name: str) -> None:
    low, text, code = OVER[name]
    assert codes(text, Limits(**{name: low})) == [code]
    warnings: list[Warning] = []
    assert evaluate(text, warnings=warnings) is not None
    assert warnings == []


def test_reasons_are_told_up_to_the_limit() -> None:
    assert len(codes('for i in 1..9 return i + "a"', Limits(warnings=4, list_size=8))) <= 4


def test_every_limit_can_be_set_by_the_environment() -> None:
    plain = Limits()
    given = {variable_of(one.name): str(getattr(plain, one.name) - 1) for one in fields(Limits)}
    lowered = limits_of(given)
    assert all(getattr(lowered, one.name) == getattr(plain, one.name) - 1 for one in fields(Limits))
    assert limits_of({}) == plain


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "99999999999999", "٣"])
def test_a_limit_that_is_no_number_or_too_high_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="BIHUAN_FEEL_STEPS"):
        limits_of({"BIHUAN_FEEL_STEPS": text})


def in_a_process(text: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Evaluate in a process of its own, with these variables set."""
    given = {**os.environ, **environment}
    return subprocess.run([sys.executable, "-c", CHILD, text], env=given, capture_output=True, text=True)


@pytest.mark.parametrize("name", OVER)
def test_a_process_keeps_the_limits_of_its_environment(name: str) -> None:
    low, text, code = OVER[name]
    assert json.loads(in_a_process(text, **{variable_of(name): str(low)}).stdout) == [code]


@pytest.mark.parametrize(
    ("name", "low", "text", "said"),
    [
        ("text_size", 60, "1" + " " * 60, "超过60个字符"),
        ("nesting", 5, "((((((1))))))", "嵌套"),
        ("tree", 9, "+".join("1" * 12), "过"),
    ],
)
def test_a_process_reads_no_text_beyond_the_limits_of_its_environment(
    name: str, low: int, text: str, said: str
) -> None:
    refused = in_a_process(text, **{variable_of(name): str(low)}).stderr
    assert FeelSyntaxError.__name__ in refused
    assert said in refused.splitlines()[-1]
