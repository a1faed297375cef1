"""All worked examples of the assessment's rules: the formula as FEEL, the figures exact to the last digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from engine.feel import Value, Warning, evaluate
from engine.feel.limits import DEFAULT_LIMITS
from engine.feel.scope import Run
from engine.feel.temporal_text import parse_date
from engine.feel.text import string_of
from tests.engine.feel import worked_formulas

EXAMPLES = json.loads(
    Path(__file__).with_name("worked_examples.json").read_text(), parse_float=Decimal, parse_int=Decimal
)


def same(expected: object, found: Value) -> bool:
    """Equal; a figure written as text is the same number, a date written as text the same date."""
    if isinstance(expected, Mapping):
        return isinstance(found, dict) and all(same(part, found[key]) for key, part in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, expected, found))
    if isinstance(expected, str) and isinstance(found, Decimal):
        return Decimal(expected) == found
    if isinstance(expected, str):
        return string_of(Run(DEFAULT_LIMITS, None, {}), found).replace("T", " ") == expected
    return expected == found


def test_every_example_is_here() -> None:
    assert len({example["id"] for example in EXAMPLES}) == len(EXAMPLES) == 63


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_figures(example: dict[str, dict[str, Value]]) -> None:
    inputs = dict(example["input"])
    if isinstance(holidays := inputs.get("holidays"), list):
        inputs["holidays"] = [parse_date(str(day)) for day in holidays]
    warnings: list[Warning] = []
    found = evaluate(getattr(worked_formulas, str(example["formula"])), inputs, warnings=warnings)
    assert warnings == []
    assert same(example["expected"], found), found
