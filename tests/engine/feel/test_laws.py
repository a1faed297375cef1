"""Laws that hold for all values: arithmetic against Decimal, three-valued logic, text that is anything."""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelSyntaxError, Value, evaluate, unary_test

D128 = Context(prec=34)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)
truths: st.SearchStrategy[bool | None] = st.sampled_from([True, False, None])
few = settings(max_examples=100, deadline=None)


@few
@given(numbers, numbers)
def test_arithmetic_is_decimal128(a: Decimal, b: Decimal) -> None:
    context: dict[str, Value] = {"a": a, "b": b}
    assert evaluate("a + b", context) == D128.add(a, b)
    assert evaluate("a - b", context) == D128.subtract(a, b)
    assert evaluate("a * b", context) == D128.multiply(a, b)
    assert evaluate("a / b", context) == (D128.divide(a, b) if b else None)
    assert evaluate("a + b = b + a", context) is True
    assert evaluate("-(-a) = a", context) is True
    assert evaluate("(a < b) = (b > a) and (a <= b) = not(a > b)", context) is True
    assert evaluate("a = b or a < b or a > b", context) is True


@few
@given(numbers, st.integers(-3, 4))
def test_rounding_stays_within_a_step(number: Decimal, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    for name in ("floor", "ceiling", "round up", "round down", "round half up", "round half down", "decimal"):
        result = evaluate(f"{name}(n, places)", {"n": number, "places": places})
        assert isinstance(result, Decimal)
        assert abs(result - number) < step
        assert result % step == 0


@few
@given(truths, truths, truths)
def test_logic_is_kleenes(a: bool | None, b: bool | None, c: bool | None) -> None:
    context: dict[str, Value] = {"a": a, "b": b, "c": c}

    def of(text: str) -> Value:
        return evaluate(text, context)

    order = {False: 0, None: 1, True: 2}
    assert of("a and b") is min((a, b), key=order.__getitem__)
    assert of("a or b") is max((a, b), key=order.__getitem__)
    assert of("not(a and b)") is of("not(a) or not(b)")
    assert of("a and (b or c)") is of("(a and b) or (a and c)")
    assert of("every x in [a, b, c] satisfies x") is of("a and b and c")
    assert of("some x in [a, b, c] satisfies x") is of("a or b or c")


@few
@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(-5000, 5000))
def test_days_added_can_be_taken_away(day: dt.date, days: int) -> None:
    context: dict[str, Value] = {"d": day, "n": days}
    assert evaluate('d + @"P1D" * n', context) == day + dt.timedelta(days=days)
    assert evaluate('(d + @"P1D" * n) - d = @"P1D" * n', context) is True


@few
@given(st.lists(numbers, min_size=1, max_size=8))
def test_lists_agree_with_python(items: list[Decimal]) -> None:
    context: dict[str, Value] = {"items": list(items)}
    assert evaluate("sort(items)", context) == sorted(items)
    assert evaluate("[min(items), max(items), count(items)]", context) == [min(items), max(items), len(items)]
    assert evaluate("reverse(reverse(items)) = items", context) is True
    assert evaluate("items[item >= 0]", context) == [item for item in items if item >= 0]
    assert evaluate("for i in 1..count(items) return items[i]", context) == items


PIECES = st.sampled_from(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "-",
        "+",
        "*",
        "/",
        "**",
        "<",
        "<=",
        "=",
        "!=",
        '"',
        "@",
        "?",
        "a",
        "b",
        "null",
        "true",
        "1",
        "2.5",
        '"x"',
        '@"P1D"',
        "function",
        "between",
        "instance",
        "of",
        "list",
        "<",
        ">",
        "date",
        "sum",
        "external",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_is_a_value_or_a_syntax_error(text: str) -> None:
    for unary in (False, True):
        try:
            unary_test(text)(1, {"a": 1}) if unary else evaluate(text, {"a": 1, "b": [1, "x"]})
        except FeelSyntaxError as error:
            line, column = error.position
            assert 1 <= line <= text.count("\n") + 1
            assert 1 <= column <= len(text) + 1
            assert error.text == text
