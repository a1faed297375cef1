"""Hostile expressions whose single steps are dear: types of lists that hold themselves many times, long texts
compared over and over, powers and logarithms, ranges read from text."""

from __future__ import annotations

_NESTED = "list<" * 20 + "number" + ">" * 20
_TEXTS = (
    '{d: function(s, n) if n = 0 then s else d(s + s, n - 1), a: d("xxxxxxxxx", 16) + "a", '
    'b: d("xxxxxxxxx", 16) + "b", '
)
_MANY = "count(for i in 1..90000 return "
DEAR = [
    f"{{b: for i in 1..90000 return i, r: {_MANY}b instance of list<number>)}}.r",
    f"{{b: for i in 1..90000 return i, f: function(x: list<number>) 1, r: {_MANY}f(b))}}.r",
    f"{{f: function(x: {_NESTED}) 1, r: f(for i in 1..60 return partial)}}.r",
    f"{_TEXTS}r: {_MANY}a = b)}}.r",
    f"{_TEXTS}r: {_MANY}a < b)}}.r",
    f"{_TEXTS}r: {_MANY}a in (b, b, b, b))}}.r",
    f"{_TEXTS}r: {_MANY}a between b and a)}}.r",
    f"{_TEXTS}l: for i in 1..90000 return if odd(i) then a else b, r: max(l)}}.r",
    f"{_TEXTS}l: for i in 1..80000 return if odd(i) then a else b, r: sort(l)}}.r",
    f"{_MANY}1.23456789 ** 0.123456789)",
    f"{_MANY}log(1.23456789012345678901234567890123))",
    f"{_MANY}exp(1.23456789012345678901234567890123))",
    f"{_MANY}date(999999999, 1, 1) - date(-999999999, 1, 1))",
    f'{_MANY}string(@"2018-01-01T10:00:00@Europe/Paris" + @"P1000D"))',
    f'{_MANY}range("[1..2]"))',
    f'{_MANY}range("[{"(" * 70}1{")" * 70}..2]"))',
]
OPEN = "(for i in 1..60 return partial) instance of " + _NESTED.replace("number", "Any")
"""Looks alike, but has an answer in time: what stands in a value many times is looked at once."""
