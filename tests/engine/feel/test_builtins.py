"""The standard's functions, a few rows each; results as FEEL's own `string()` writes them."""

from __future__ import annotations

import pytest

from engine.feel import Warning, evaluate

TEXTS = [
    ('substring("绩效评估", 3)', "评估"),
    ('substring("foobar", 3, 3)', "oba"),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("\\U01F40Eab", 2)', "ab"),
    ('string length("\\U01F40Eab")', "3"),
    ('upper case("aBc4")', "ABC4"),
    ('lower case("aBc4")', "abc4"),
    ('substring before("foobar", "bar")', "foo"),
    ('substring after("foobar", "ob")', "ar"),
    ('substring before("foobar", "xyz")', ""),
    ('contains("foobar", "of")', "false"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('string join(["a", null, "c"], "、")', "a、c"),
    ('split("John Doe", "\\s")', '["John", "Doe"]'),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('matches("2018年", "^[0-9]{4}年$")', "true"),
    ('string({a: 1, b: [true, null, "x"]})', '{a: 1, b: [true, null, "x"]}'),
    ('string(@"P1DT2H")', "P1DT2H"),
    ("string(1.10)", "1.10"),
]
NUMBERS = [
    ("decimal(1/3, 2)", "0.33"),
    ("decimal(1.5, 0)", "2"),
    ("decimal(2.5, 0)", "2"),
    ("decimal(88.505, 2)", "88.50"),
    ("round half up(88.505, 2)", "88.51"),
    ("round half up(-5.5, 0)", "-6"),
    ("round half down(5.5, 0)", "5"),
    ("round up(1.121, 2)", "1.13"),
    ("round down(-1.126, 2)", "-1.12"),
    ("floor(-1.5)", "-2"),
    ("ceiling(1.56, 1)", "1.6"),
    ("round half up(1234, -2)", "1200"),
    ("abs(-10)", "10"),
    ("modulo(-12, 5)", "3"),
    ("modulo(10.1, 4.5)", "1.1"),
    ("sqrt(16)", "4"),
    ("odd(-3)", "true"),
    ("even(0)", "true"),
    ('number("1,000.5", ",", ".")', "1000.5"),
    ("min(3, 1, 2)", "1"),
    ('max(["a", "c", "b"])', "c"),
    ("sum([1, 2, 3])", "6"),
    ("mean(1, 2, 6)", "3"),
    ("median([6, 1, 2, 3])", "2.5"),
    ("mode([6, 3, 9, 6, 3])", "[3, 6]"),
    ("product([2, 3, 4])", "24"),
    ("stddev([1, 3])", "1.414213562373095048801688724209698"),
]
LISTS = [
    ("list contains([1, null], null)", "true"),
    ("count([1, 2, 3])", "3"),
    ("all([true, null, false])", "false"),
    ("any([false, null, true])", "true"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("sublist([4, 5, 6], -2)", "[5, 6]"),
    ("append([1], 2, 3)", "[1, 2, 3]"),
    ("concatenate([1, 2], [3])", "[1, 2, 3]"),
    ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
    ("remove([1, 2, 3], 2)", "[1, 3]"),
    ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
    ("list replace([2, 4, 7], function(item, new) item < new, 5)", "[5, 5, 7]"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("distinct values([1, 2, 1.0])", "[1, 2]"),
    ("duplicate values([1, 2, 1])", "[1]"),
    ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
    ("sort([3, 1, 2])", "[1, 2, 3]"),
    ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
    ('get value({k: "v"}, "k")', "v"),
    ("get entries({a: 1})[1].key", "a"),
    ('context([{key: "a", value: 1}])', "{a: 1}"),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
    ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
]
DATES = [
    ("date(2018, 6, 30)", "2018-06-30"),
    ('date(@"2018-06-30T23:59:00")', "2018-06-30"),
    ('time("23:59:00+08:00")', "23:59:00+08:00"),
    ('time(23, 59, 0, duration("PT8H"))', "23:59:00+08:00"),
    ('date and time(@"2018-06-30", @"10:00:00Z")', "2018-06-30T10:00:00Z"),
    ('day of year(@"2018-12-31")', "365"),
    ('day of week(@"2018-06-30")', "Saturday"),
    ('month of year(@"2018-06-30")', "June"),
    ('week of year(@"2018-12-31")', "1"),
    ('last day of month(@"2020-02-03")', "2020-02-29"),
    ('abs(@"-PT5H")', "PT5H"),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
    ('is(@"2018-06-30", @"2018-06-30T00:00:00")', "false"),
    ('@"2018-06-30".weekday', "6"),
    ('for d in @"2018-06-29"..@"2018-07-01" return day of week(d)', '["Friday", "Saturday", "Sunday"]'),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS + NUMBERS + LISTS + DATES)
def test_functions(text: str, expected: str) -> None:
    warnings: list[Warning] = []
    assert evaluate(f"string({text})", warnings=warnings) == expected
    assert warnings == []


NULLS = [
    'substring("a", 0)',
    "string length(null)",
    'number("x")',
    'date("2018-02-29")',
    'date("18-02-01")',
    'time("25:00:00")',
    'duration("P1Y1D")',
    'date and time("2018-01-01T10:00:00@Nowhere/City")',
    "sqrt(-1)",
    "log(0)",
    "modulo(1, 0)",
    "sum([])",
    'sum([1, "a"])',
    'max([1, "a"])',
    "count(null)",
    "remove([1], 2)",
    "sublist([1], 2)",
    'matches("a", "[")',
    'replace("a", "a*", "b")',
    'replace("a", "a", "$")',
    "context([{key: 1, value: 1}])",
    "substring()",
    "abs(n: 1, m: 2)",
    "floor(1, 2, 3)",
]


@pytest.mark.parametrize("text", NULLS)
def test_wrong_arguments_give_null_and_a_warning(text: str) -> None:
    warnings: list[Warning] = []
    assert evaluate(text, warnings=warnings) is None
    assert [warning.code for warning in warnings] == ["bad_call"]


RELATIONS = [
    ("before(1, 10)", True),
    ("before([1..10), 10)", True),
    ("before([1..10], [10..20])", False),
    ("after([5..10], [1..5))", True),
    ("meets([1..5], [5..10])", True),
    ("meets([1..5), [5..10])", False),
    ("met by([5..10], [1..5])", True),
    ("overlaps([1..5], [3..8])", True),
    ("overlaps([1..5), (5..8])", False),
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps before([1..5], [1..8])", False),
    ("overlaps after([3..8], [1..5])", True),
    ("finishes(10, [1..10])", True),
    ("finishes([5..10), [1..10])", False),
    ("finished by([1..10], 10)", True),
    ("includes([1..10], [4..6])", True),
    ("includes((1..10], 1)", False),
    ("during(5, [1..10])", True),
    ("starts([1..5], [1..10])", True),
    ("started by([1..10], 1)", True),
    ("coincides([1..5], [1..5])", True),
    ("coincides((1..5], [1..5])", False),
    ('before("a", 1)', None),
    ('@"2018-06-30" in [@"2018-01-01"..@"2018-12-31"]', True),
    ('5 in range("[1..5)")', False),
]


@pytest.mark.parametrize(("text", "expected"), RELATIONS)
def test_ranges_and_points_lie_to_each_other(text: str, expected: bool | None) -> None:
    assert evaluate(text) is expected
