"""The short way gives what the full evaluation gives, or stands back; it never has an answer of its own."""

from __future__ import annotations

import datetime as dt
from collections import ChainMap, Counter
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import DEFAULT_LIMITS, FeelError, Limits, Value, Warning, codec, compile_expression
from engine.feel.expression import Expression, evaluate_code
from engine.feel.scope import Run
from tests.bench.feel_cases import CASES, CONTEXT

NUMBERS = st.sampled_from(
    [0, 1, 7, -3, 90, 2**70, 10**40, 0.1, 95.2, -0.5, 1e300, Decimal("2.50"), Decimal("1e6000")]
)
ODD = st.sampled_from(
    [None, float("nan"), float("inf"), Decimal("NaN"), dt.date(2018, 6, 30), object(), (1, 2), len]
)
SCALARS = NUMBERS | NUMBERS | st.sampled_from([True, False, "", "优", "差", "目标"]) | ODD
ROW = st.dictionaries(st.sampled_from(["w", "d", "item", "n"]), SCALARS, max_size=4)
VALUES = (
    SCALARS | st.lists(NUMBERS, max_size=4) | st.lists(SCALARS, max_size=3) | st.lists(ROW, max_size=3) | ROW
)
CONTEXTS = st.dictionaries(st.sampled_from(["n", "m", "s", "w", "rows", "c"]), VALUES, max_size=6)

ATOMS = st.sampled_from(
    [
        "n",
        "n",
        "m",
        "s",
        "w",
        "c.w",
        "c.d.w",
        "rows",
        "rows.w",
        "0",
        "1.5",
        "90",
        '"优"',
        "true",
        "null",
        "item",
        "i.w",
    ]
)
SIGNS = st.sampled_from(["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or"])
CALLS = st.sampled_from(["sum", "mean", "min", "max", "count", "not", "string length", "abs"])
PAIRS = st.sampled_from(["min", "contains", "starts with", "round half up", "decimal"])
TESTS = st.sampled_from(["[80..90]", "]0..7)", '("优", "良")', "(1, 7)", "> 5", "[1, 7]", "(n, 1)", '["优"]'])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The constructs that have a short way, over smaller expressions."""

    def of(form: str, *holes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*holes).map(lambda found: form.format(*found))

    return st.one_of(
        of("({} {} {})", parts, SIGNS, parts),
        of("{}({})", CALLS, parts),
        of("{}({}, 2)", PAIRS, parts),
        of("{}({}, {})", PAIRS, parts, parts),
        of("({} in {})", parts, TESTS),
        of("({} between 1 and 90)", parts),
        of("(if {} then {} else {})", parts, parts, parts),
        of("(for i in {} return {})", parts, parts),
        of("(some i in {} satisfies {})", parts, parts),
        of("(every i in {} satisfies {})", parts, parts),
        of("{}[{}]", st.sampled_from(["rows", "c.w"]), parts),
    )


TEXTS = st.recursive(ATOMS, larger, max_leaves=8)


def in_full(expression: Expression, context: dict[str, Value], warnings: list[Warning]) -> Value:
    """The value as it is without the short way."""
    return evaluate_code(expression.code, expression.taken(context), Run(DEFAULT_LIMITS, warnings, {}))


@settings(max_examples=500, deadline=None)
@given(TEXTS, CONTEXTS)
def test_the_short_way_agrees_with_the_full_one(text: str, context: dict[str, Value]) -> None:
    expression, told, expected = compile_expression(text), list[Warning](), list[Warning]()
    try:
        value = expression(context, warnings=told)
    except FeelError:
        with pytest.raises(FeelError):
            in_full(expression, context, [])
        return
    try:
        full = in_full(expression, context, expected)
    except FeelError:  # a part of the context that FEEL cannot hold, and that the short way never touched
        return
    assert told == expected
    try:
        assert codec.dumps(value) == codec.dumps(full)
    except codec.CodecError:  # functions are not stored
        assert type(value) is type(full)


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_what_conditions_mostly_are_goes_the_short_way(text: str) -> None:
    expression = compile_expression(text)
    assert expression.quick is not None
    expression.quick(CONTEXT)
    assert codec.dumps(expression(CONTEXT)) == codec.dumps(in_full(expression, CONTEXT, []))


def test_contexts_of_every_kind_are_read_and_what_they_lack_stays_missing() -> None:
    expression = compile_expression("n > 1 and m = null")
    contexts: list[Mapping[str, Value]] = [
        {"n": 2, "m": None},
        ChainMap[str, Value]({"n": 2}, {"m": None}),
        MappingProxyType({"n": 2, "m": None}),
    ]
    for context in contexts:
        assert expression(context) is True
    counted: Counter[str] = Counter(n=2)
    told: list[Warning] = []
    assert compile_expression("n > absent")(counted, warnings=told) is None
    assert "unknown_name" in {warning.code for warning in told}


def test_a_loop_sees_the_names_around_it_and_an_item_its_own_first() -> None:
    context: dict[str, Value] = {"rows": [{"w": 1}, {"w": 5, "least": 6}], "least": 1, "x": 10}
    assert compile_expression("count(rows[w > least])")(context) == 0
    assert compile_expression("count(rows[w >= least])")(context) == 1
    assert compile_expression("sum(for r in rows return r.w * x)")(context) == 60
    assert compile_expression("every r in rows satisfies r.w < x")(ChainMap(context)) is True


def test_functions_of_the_host_come_before_the_standard_ones() -> None:
    expression = compile_expression("sum(n) > 1")
    assert expression({"n": [1, 2]}) is True
    assert expression({"n": [1, 2]}, functions={"sum": lambda items: 0}) is False
    assert compile_expression("sum(n) > 1", functions={"sum": lambda items: 0})({"n": [1, 2]}) is False


def test_narrow_limits_are_kept() -> None:
    warnings: list[Warning] = []
    assert compile_expression("sum(n)")({"n": [1] * 90}, limits=Limits(steps=10), warnings=warnings) is None
    assert [warning.code for warning in warnings] == ["limit.steps"]


def test_loops_inside_loops_and_long_lists_go_the_long_way() -> None:
    assert compile_expression("for i in n return count(for k in n return k)").quick is None
    assert compile_expression("count(n[item > 1][item > 2])").quick is None
    warnings: list[Warning] = []
    assert compile_expression("count(for i in n return i)")({"n": [1] * 200_000}, warnings=warnings) is None
    assert [warning.code for warning in warnings] == ["limit.list"]
