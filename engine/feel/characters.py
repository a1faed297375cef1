"""Which characters a class of an XPath regular expression holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

CharacterTest = Callable[[str], bool]

_CATEGORIES = {
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "Z": "slp",
    "S": "mcko",
    "C": "cfon",
}
"""The general categories of Unicode: a letter, and the letters that may follow it."""
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_LITERAL = frozenset("\\|.?*+(){}[]^$-,/\"' &~#@!%:;<>=_")


def _space(char: str) -> bool:
    return char in " \t\n\r"


def _digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def _word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


def _name_start(char: str) -> bool:
    return char in "_:" or unicodedata.category(char)[0] == "L"


def _name(char: str) -> bool:
    return char in "_:-.·" or unicodedata.category(char)[0] in "LNM"


_SHORT: dict[str, CharacterTest] = {"s": _space, "d": _digit, "w": _word, "i": _name_start, "c": _name}


def negated(test: CharacterTest) -> CharacterTest:
    """The characters that a test refuses."""
    return lambda char: not test(char)


def any_of(tests: list[CharacterTest]) -> CharacterTest:
    """The characters that one of the tests takes."""
    if len(tests) == 1:
        return tests[0]
    fixed = tuple(tests)
    return lambda char: any(test(char) for test in fixed)


def exactly(wanted: str, *, fold: bool = False) -> CharacterTest:
    """One character, in both cases with `fold`."""
    if fold:
        forms = frozenset((wanted, wanted.lower(), wanted.upper()))
        return lambda char: char in forms
    return lambda char: char == wanted


def between(first: str, last: str, *, fold: bool = False) -> CharacterTest:
    """The characters from one to another."""
    if fold:
        return lambda char: (
            first <= char <= last or first <= char.lower() <= last or first <= char.upper() <= last
        )
    return lambda char: first <= char <= last


def short_class(letter: str) -> CharacterTest | None:
    """`\\d`, `\\w` and their like; a capital means the others."""
    test = _SHORT.get(letter.lower())
    return test if test is None or letter.islower() else negated(test)


def category(name: str) -> CharacterTest | None:
    """`\\p{name}`; None when there is no such category."""
    if len(name) not in (1, 2) or name[0] not in _CATEGORIES or name[1:] not in _CATEGORIES[name[0]]:
        return None
    return lambda char: unicodedata.category(char).startswith(name)


def literal_escape(letter: str) -> str | None:
    """The character that an escape stands for; None when it is no escape."""
    return _CONTROLS.get(letter) or (letter if letter in _LITERAL else None)
