"""Regular expressions: XPath's rules, and no text that makes them explode."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Value, evaluate
from engine.feel.patterns import PatternError, compile_pattern


def free(steps: int) -> None:
    """Costs nothing."""


FOUND: list[tuple[str, str, str, str | None]] = [
    ("a.*b", "", "xxaabbyy", "aabb"),
    ("a.*?b", "", "xxaabbyy", "aab"),
    ("^b", "", "a\nb", None),
    ("^b", "m", "a\nb", "b"),
    ("a.b", "", "a\nb", None),
    ("a.b", "s", "a\nb", "a\nb"),
    ("ÄB", "i", "xäb", "äb"),
    ("a b", "x", "ab", "ab"),
    ("a.b", "q", "axb a.b", "a.b"),
    ("[a-z-[aeiou]]+", "", "eaxyze", "xyz"),
    (r"\p{Lu}\p{Ll}+", "", "der Ort", "Ort"),
    (r"\d{2,3}", "", "1 12345", "123"),
    (r"[^\s,]+", "", ", 绩效,", "绩效"),
    ("(ab|a)(bc)?", "", "abc", "ab"),
    ("x{0}y", "", "xy", "y"),
    (r"\$\{", "", "a${", "${"),
]


@pytest.mark.parametrize(("pattern", "flags", "text", "expected"), FOUND)
def test_the_leftmost_preferred_match_is_found(
    pattern: str, flags: str, text: str, expected: str | None
) -> None:
    match = compile_pattern(pattern, flags).search(text, 0, free)
    assert (None if match is None else text[match[0] or 0 : match[1]]) == expected


WRONG = [
    "(",
    ")",
    "[",
    "[]",
    "a**",
    "*a",
    "a{2,1}",
    "a{x}",
    r"\p{Xx}",
    r"(a)\2",
    r"(a\1)",
    r"\1(a)",
    r"[\1]",
    r"\q",
    "[z-a]",
    "(?=a)",
    "a{99999}",
]


@pytest.mark.parametrize("pattern", [*WRONG, "(" * 60 + "a" + ")" * 60, "(((a{50}){50}){50}){50}"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|a)*b", "(a|aa)+$", "(.*)*=", "a*a*a*a*a*a*b", "((a?){20}){20}b"]
)
def test_explosive_patterns_take_steps_in_proportion_to_the_text(pattern: str) -> None:
    steps: list[int] = []
    assert compile_pattern(pattern).search("a" * 200 + "!", 0, steps.append) is None
    assert sum(steps) < 1_000_000


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "(a)", "(a|b)", "(ab|a)"])
PIECES = st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{1,2}", "*?", "+?"])).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4).map("".join), st.text("abc", max_size=10))
def test_simple_patterns_find_what_python_finds(pattern: str, text: str) -> None:
    found = compile_pattern(pattern).search(text, 0, free)
    expected = re.search(pattern, text)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found[:2] == expected.span()


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("abracadabra", r"(abra)cad\1", "", True),
        ("aa", r"^(a)\1$", "", True),
        ("ab", r"^(.)\1$", "", False),
        ("aA", r"^(a)\1$", "", False),
        ("aA", r"^(a)\1$", "i", True),
        ("b", r"^(a)?\1b$", "", True),
        ("aab", r"(a*)*\1b", "", True),
        ("abcdefghijaa", r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\1\1", "", True),
        ("aa1", r"^(a)\11$", "", True),
        ("hello world", r"hello\ sworld", "x", True),
        ("helloworld", "hello[ ]world", "x", False),
    ],
)
def test_a_pattern_may_refer_back_to_a_group(text: str, pattern: str, flags: str, expected: bool) -> None:
    context: dict[str, Value] = {"text": text, "pattern": pattern, "flags": flags}
    assert evaluate("matches(text, pattern, flags)", context) is expected


def test_what_a_group_held_twice_can_be_replaced() -> None:
    assert evaluate(r'replace("aabbcd", "(.)\1", "<$1>")') == "<a><b>cd"
