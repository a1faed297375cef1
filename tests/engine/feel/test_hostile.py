"""Expressions that mean harm: each ends soon, as null with a warning or as a syntax error."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, Limits, Warning, compile_expression, evaluate, unary_test

NO_SYNTAX = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "lambda: 1",
    "x := 1",
    "a; b",
    "open('/etc/passwd').read()",
    "f'{1}'",
    "`id`",
    "$(id)",
    "${7*7}",
    "{{7*7}}",
    "<!-- -->",
    "1 if true else 2",
    "'single'",
    '"open',
    "/* open",
    '"\\uD800"',
    '"\\UFFFFFF"',
    '@"not a date"',
    "1e999999",
    "9" * 7000,
    "(" * 5000 + "1" + ")" * 5000,
    "[" * 5000 + "]" * 5000,
    "{a:" * 5000 + "1" + "}" * 5000,
    "-" * 5000 + "1",
    "not(" * 5000 + "1" + ")" * 5000,
    "if true then " * 2000 + "1" + " else 1" * 2000,
    "for x in y return " * 2000 + "x",
    "function(x) " * 2000 + "x",
    "1" + " + 1" * 5000,
    "a" + ".b" * 5000,
    "a" + "[1]" * 5000,
    "f" + "(1)" * 5000,
    "1 instance of " + "list<" * 5000 + "number" + ">" * 5000,
    "x" * 200_000,
    "1" + " < 1" * 3000,
    "]" * 3000,
    "\0",
    "a\ud800b",
    "{a: 1, a: 2}",
    "1..2",
    "[1..",
    "some x in satisfies 1",
    "",
    "   ",
    "// nothing",
]


@pytest.mark.parametrize("text", NO_SYNTAX, ids=range(len(NO_SYNTAX)))
def test_what_is_no_expression_is_a_syntax_error(text: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert caught.value.position >= (1, 1)
    with pytest.raises(FeelSyntaxError):
        unary_test(text + " +")


GROWTH = ", ".join(f"{chr(98 + n)}: [{chr(97 + n)}, {chr(97 + n)}]" for n in range(24))
LIMITED = [
    "for i in 1..1000000000 return i",
    "for i in 1..50000, j in 1..50000 return i",
    "some i in 1..50000, j in 1..50000 satisfies false",
    "every i in 1..50000, j in 1..50000 satisfies true",
    "{f: function(x) f(x), r: f(1)}.r",
    "{f: function(x) f(x) + f(x), r: f(1)}.r",
    "(function(x) x(x))(function(x) x(x))",
    'for i in 1..100000 return if i = 1 then "ab" else partial[-1] + partial[-1]',
    "for i in 1..100000 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    "for i in 1..50000 return partial",
    "for i in 1..40000 return list contains(partial, -1)",
    f"string({{a: [1, 1], {GROWTH}}})",
    f"{{a: [1, 1], {GROWTH}, result: y = flatten(y)}}.result",
    f"{{a: [1, 1], {GROWTH}, result: flatten(y)}}.result",
    "distinct values(for i in 1..50000 return i)",
    "sort(for i in 1..100000 return -i, function(a, b) a < b)",
    'matches("a", string join(for i in 1..2000 return "a"))',
    'matches(string join(for i in 1..100000 return "ab"), "a")',
    'matches(string join(for i in 1..50000 return "a"), "(a|b|ab|ba)*(a|b|ab|ba)*(a|b|ab|ba)*c")',
    'for i in 1..100000 return replace("aaaaaaaaaaaaaaaaaaaa", "a+?", "bb")',
]


@pytest.mark.parametrize("text", LIMITED, ids=range(len(LIMITED)))
def test_what_takes_too_much_is_null_with_a_warning(text: str) -> None:
    warnings: list[Warning] = []
    limits = Limits(steps=100_000, pattern_steps=100_000)
    assert compile_expression(text)({}, warnings=warnings, limits=limits) is None
    assert [warning.code for warning in warnings if warning.code.startswith("limit.")] != []


NOTHING = [
    "import os",
    '(function(a) external {java: {class: "java.lang.Runtime", method signature: "exec(String)"}})("id")',
    "__class__",
    "x.__class__",
    "x.__dict__",
    "x.keys",
    '"a".__class__',
    "(function(x) x).func_globals",
    "sum.__globals__",
    "sum.overloads",
    "now().date.__class__",
    'get value({}, "__class__")',
    "eval",
    'eval("1")',
    "globals()",
    "getattr(x, 1)",
    'date("../../etc/passwd")',
    'time("10:00:00@../../../etc/passwd")',
    'time("10:00:00@Europe")',
    "2 ** 100000000",
    "10 ** 6144 * 10 ** 6144",
    "exp(100000)",
    'duration("P999999999999999D") * 999999999999999999999',
    '@"999999999-12-31" + @"P1D"',
    '@"-999999999-01-01" - @"P1M"',
    "1 / 0",
    "decimal(1, 99999)",
    "round up(1, 1e30)",
    "[1, 2][1e30]",
    "sublist([1], 1e30)",
    "date(1e30, 1, 1)",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_outside_the_context_can_be_reached(text: str) -> None:
    warnings: list[Warning] = []
    assert evaluate(text, {"x": {"a": 1}}, warnings=warnings) is None
    assert warnings != [] or text.startswith("get value")


def test_deep_values_are_refused_without_recursion() -> None:
    warnings: list[Warning] = []
    text = "for i in 1..3000 return if i = 1 then [] else [partial[-1]]"
    deep = compile_expression(f"{{d: {text}, r: d[-1] = d[-2]}}.r")
    assert deep({}, warnings=warnings, limits=Limits(steps=10_000_000)) in (None, False)


def test_a_host_function_that_fails_in_an_ordinary_way_is_null() -> None:
    def fails(value: object) -> object:
        raise ValueError("no such unit")

    warnings: list[Warning] = []
    assert evaluate("unit(1)", functions={"unit": fails}, warnings=warnings) is None
    assert [(warning.code, warning.message) for warning in warnings] == [("bad_call", "unit：no such unit")]


def test_brackets_after_in_are_read_once() -> None:
    """Reading them a second time at each level would double the work forty times over."""
    assert compile_expression("true in (" * 40 + "true" + ")[1]" * 40)({}) is True
    assert evaluate("2 in ([1, 2, 3])[2]") is True
    assert evaluate("4 in (1 + 1) * 2") is True


def test_many_names_are_learned_in_no_time() -> None:
    entries = ", ".join(f"a b{n}: a b{n // 2}" if n else "a b0: 7" for n in range(2000))
    assert evaluate(f"{{{entries}}}.a b1999") == 7
