"""What expressions mean, one row a rule."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from engine.feel import FeelSyntaxError, Value, Warning, compile_expression, evaluate, unary_test

D = Decimal

ARITHMETIC: list[tuple[str, Value]] = [
    ("1 + 2 * 3", D(7)),
    ("(1 + 2) * 3", D(9)),
    ("10 - 4 - 3", D(3)),
    ("2 ** 3", D(8)),
    ("-2 ** 2", D(4)),
    ("7 / 2", D("3.5")),
    ("1 / 3", D("0.3333333333333333333333333333333333")),
    ("0.1 + 0.2", D("0.3")),
    ("1 / 0", None),
    ('1 + "a"', None),
    ('"a" + "b"', "ab"),
    ("null + 1", None),
    (".5 + 1.5e1", D("15.5")),
]


@pytest.mark.parametrize(("text", "expected"), ARITHMETIC)
def test_arithmetic(text: str, expected: Value) -> None:
    assert evaluate(text) == expected


LOGIC: list[tuple[str, Value]] = [
    ("true and null", None),
    ("false and null", False),
    ("null and false", False),
    ("true or null", True),
    ("false or null", None),
    ("not(null)", None),
    ('1 = "1"', None),
    ("null = null", True),
    ("null = 1", False),
    ('"终" < "绩"', True),
    ("[1, 2] = [1, 2]", True),
    ("{a: 1} = {a: 1}", True),
    ("5 between 1 and 5", True),
    ("5 in [1..5]", True),
    ("5 in [1..5)", False),
    ("5 in ]1..5[", False),
    ("5 in (> 3, < 1)", True),
    ("5 in (1, 5)", True),
    ("5 in > 3", True),
    ("1 in [1, 2, 3]", True),
    ("some x in [1, 2] satisfies x > 1", True),
    ("every x in [1, 2] satisfies x > 1", False),
    ("some x in [1, null] satisfies x > 1", None),
    ("some x in [] satisfies x > 1", False),
]


@pytest.mark.parametrize(("text", "expected"), LOGIC)
def test_logic_has_three_values(text: str, expected: Value) -> None:
    assert evaluate(text) is expected


STRUCTURES: list[tuple[str, Value]] = [
    ("if 1 > 2 then 1 else 2", D(2)),
    ("if null then 1 else 2", D(2)),
    ("for x in 1..3 return x * 2", [D(2), D(4), D(6)]),
    ("for x in 3..1 return x", [D(3), D(2), D(1)]),
    ("for x in [1, 2], y in [10, x] return x * y", [D(10), D(1), D(20), D(4)]),
    ("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", [D(1), D(1), D(2), D(3), D(5)]),
    ("[1, 2, 3][2]", D(2)),
    ("[1, 2, 3][-1]", D(3)),
    ("[1, 2, 3][4]", None),
    ("[1, 2, 3][item > 1]", [D(2), D(3)]),
    ("[{x: 1, y: 2}, {x: 2, y: 3}][x = 2].y", [D(3)]),
    ("5[1]", D(5)),
    ("{a: 1, b: a + 1}.b", D(2)),
    ("{a b: 1, c: a b * 3}.c", D(3)),
    ('{"key one": 1}.key one', D(1)),
    ("{double: function(x: number) x * 2, r: double(4)}.r", D(8)),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", D(120)),
    ("(function(a, b) a - b)(b: 1, a: 5)", D(4)),
    ('substring(string: "绩效评估", start position: 3)', "评估"),
    ("5 instance of number", True),
    ("[1] instance of list<number>", True),
    ("null instance of number", False),
    ('@"2018-06-30" instance of date', True),
]


@pytest.mark.parametrize(("text", "expected"), STRUCTURES)
def test_structures(text: str, expected: Value) -> None:
    assert evaluate(text) == expected


DATES: list[tuple[str, str]] = [
    ('@"2018-01-31" + @"P1M"', "2018-02-28"),
    ('@"2020-02-29" - @"P1Y"', "2019-02-28"),
    ('@"2018-12-31" + @"P1D"', "2019-01-01"),
    ('@"2018-03-01" - @"2018-02-01"', "P28D"),
    ('date("2018-06-30").month', "6"),
    ('@"2018-06-30T10:00:00+08:00" - @"2018-06-30T02:00:00Z"', "PT0S"),
    ('@"2018-06-30T23:30:00" + @"PT45M"', "2018-07-01T00:15:00"),
    ('@"10:15:00" + @"PT24H"', "10:15:00"),
    ('date and time("2018-06-30T10:00:00@Asia/Shanghai").time offset', "PT8H"),
    ('@"P1Y2M" + @"P11M"', "P2Y1M"),
    ('@"P1D" * 1.5', "P1DT12H"),
    ('@"P1D" / @"PT6H"', "4"),
    ('years and months duration(@"2016-09-30", @"2018-03-15")', "P1Y5M"),
    ('duration("P1DT2H3M4.5S").hours', "2"),
    ('@"-P1Y" < @"P1M"', "true"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_and_durations(text: str, expected: str) -> None:
    assert evaluate(f"string({text})") == expected


def test_names_with_spaces_and_signs_come_from_the_context() -> None:
    assert evaluate("Monthly Salary * 12", {"Monthly Salary": 100}) == 1200
    assert evaluate("a-b", {"a-b": 5, "a": 1, "b": 2}) == 5
    assert evaluate("a - b", {"a-b": 5, "a": 1, "b": 2}) == -1
    assert evaluate("研究 and 开发", {"研究": True, "开发": False}) is False
    assert evaluate("研究 and 开发 > 1", {"研究 and 开发": 2}) is True


def test_functions_of_the_host_are_called_with_values() -> None:
    given = {"add working days": lambda day, count: day + dt.timedelta(days=int(count))}
    assert evaluate("add working days(day, 3)", {"day": dt.date(2018, 6, 1)}, functions=given) == dt.date(
        2018, 6, 4
    )
    compiled = compile_expression("add working days(day, 3)", functions=given)
    assert compiled({"day": dt.date(2018, 6, 1)}) == dt.date(2018, 6, 4)
    assert compiled.free_names == {"day"}


def test_what_goes_wrong_is_null_and_says_why_and_where() -> None:
    warnings: list[Warning] = []
    assert evaluate("1 +\n  missing", warnings=warnings) is None
    assert [(warning.code, warning.position) for warning in warnings] == [
        ("unknown_name", (2, 3)),
        ("wrong_type", (1, 3)),
    ]


def test_a_syntax_error_says_where() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        evaluate("1 +\n  )")
    assert caught.value.position == (2, 3)
    assert caught.value.text == "1 +\n  )"


TESTS: list[tuple[str, Value, bool | None]] = [
    ("-", None, True),
    ("> 5", 6, True),
    ("> 5, < 2", 3, False),
    ("[1..5]", 5, True),
    ("not(1, 2)", 2, False),
    ("not(1, 2)", 3, True),
    ('"优", "良"', "良", True),
    ("? > 5 and ? < 8", 6, True),
    ("limit", 3, True),
    ("> limit", 4, True),
    ("null", None, True),
    ("> 5", None, None),
]


@pytest.mark.parametrize(("text", "value", "expected"), TESTS)
def test_unary_tests(text: str, value: Value, expected: bool | None) -> None:
    assert unary_test(text)(value, {"limit": 3}) is expected


def test_an_external_function_is_null_and_says_so() -> None:
    warnings: list[Warning] = []
    text = (
        '(function(a: number) external {java: {class: "java.lang.Math", method signature: "abs(int)"}})(-1)'
    )
    assert evaluate(text, warnings=warnings) is None
    assert [warning.code for warning in warnings] == ["external"]


def test_zero_has_no_negative_power() -> None:
    assert evaluate("0 ** -1") is None
    assert evaluate("0 ** 2") == 0
