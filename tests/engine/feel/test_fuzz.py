"""Expressions made by the grammar: each compiles, gives a value, and gives it again; nothing is raised."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Limits, Value, Warning, codec, compile_expression
from engine.feel.codec import CodecError

CONTEXT: dict[str, Value] = {
    "n": 7,
    "s": "文本",
    "t": True,
    "z": None,
    "list": [1, "a", None, [2, 3]],
    "rows": [{"w": 40, "d": True}, {"w": None}],
    "c": {"a": 1, "b b": {"x": [1]}},
}
ATOMS = st.sampled_from(
    (
        *("n", "s", "t", "z", "list", "rows", "c", "c.a", "c.b b.x", "rows.w", "missing", "null", "true"),
        *("0", "1", "-2.5", "1e20", '""', '"文"', '"a\\nb"', "[]", "{}", "[1..5]", "(> 3)", "(= 1)"),
        *('@"2018-06-30"', '@"-0044-03-15"', '@"10:00:00@Asia/Shanghai"', '@"2018-06-30T10:00:00Z"'),
        *('@"P1DT2H"', '@"-P1Y2M"', "(function(a) a)", "sum", "string length"),
    )
)
SIGNS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"])
CALLS = st.sampled_from(
    [
        "sum",
        "count",
        "min",
        "not",
        "string",
        "abs",
        "date",
        "duration",
        "sort",
        "flatten",
        "number",
        "is defined",
    ]
)
PAIRS = st.sampled_from(["append", "contains", "concatenate", "modulo", "before", "is", "split", "sublist"])
TYPES = st.sampled_from(["number", "list<string>", "context<a: number>", "range<date>", "Any", "Null"])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Every construct over smaller expressions."""

    def of(form: str, *holes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*holes).map(lambda found: form.format(*found))

    return st.one_of(
        of("({} {} {})", parts, SIGNS, parts),
        of("{}({})", CALLS, parts),
        of("{}({}, {})", PAIRS, parts, parts),
        of("(if {} then {} else {})", parts, parts, parts),
        of("(for i in {} return {})", parts, parts),
        of("(for i in 1..3, j in {} return partial)", parts),
        of("(some i in {} satisfies {})", parts, parts),
        of("(every i in {} satisfies i = {})", parts, parts),
        of("({} between {} and {})", parts, parts, parts),
        of("({})[{}]", parts, parts),
        of("({})[item > {}]", parts, parts),
        of("({}).a", parts),
        of("({} instance of {})", parts, TYPES),
        of("[{}, {}]", parts, parts),
        of("{{a: {}, k k: {}}}", parts, parts),
        of("(function(p, q) [p, q, {}])({}, {})", parts, parts, parts),
        of("[{}..{}]", parts, parts),
        of("-({})", parts),
    )


EXPRESSIONS = st.recursive(ATOMS, larger, max_leaves=12)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_what_the_grammar_makes_has_a_value(text: str) -> None:
    expression = compile_expression(text, names=["b b"], members=["b b", "k k"])
    warnings: list[Warning] = []
    limits = Limits(steps=50_000)
    value = expression(CONTEXT, warnings=warnings, limits=limits)
    try:
        stored = codec.dumps(value)
    except CodecError:  # functions are not stored
        return
    assert codec.dumps(expression(CONTEXT, limits=limits)) == stored
    assert codec.dumps(codec.loads(stored)) == stored
    bracketed = compile_expression(f"({text})", names=["b b"], members=["b b", "k k"])
    assert codec.dumps(bracketed(CONTEXT, limits=limits)) == stored
