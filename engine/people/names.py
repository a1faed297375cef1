"""Names as they are compared and searched: folded, and spelled in pinyin."""

import unicodedata
from functools import lru_cache
from itertools import islice, product

VARIANTS = 8
"""At most so many readings of one personal name (单 is Dan or Shan)."""


def fold(name: str) -> str:
    """`name` as it is compared: one width, no spaces, no letter case.

    `fold("市发改委（ 市国推办）") == fold("市发改委(市国推办)")`
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def spelling(name: str) -> str:
    """Initials and full pinyin of a unit's name, as text to search in.

    `spelling("市发改委") == "sfgw shifagaiwei"`. Whatever is not Chinese stays as it is.
    """
    return " ".join(_readings(name, heteronym=False))


def person_spelling(name: str) -> str:
    """Like `spelling`, with every usual reading of each character, since surnames have their own."""
    return " ".join(_readings(name, heteronym=True))


@lru_cache(maxsize=20_000)
def _readings(name: str, *, heteronym: bool) -> tuple[str, ...]:
    """The same names of units and steps come again with every item that opens."""
    from pypinyin import Style, pinyin  # its dictionary takes most of a second to load

    syllables: list[list[str]] = pinyin(fold(name), style=Style.NORMAL, heteronym=heteronym)
    found: dict[str, None] = {}
    full: dict[str, None] = {}
    for reading in islice(product(*syllables), VARIANTS if heteronym else 1):
        found["".join(_initial(syllable) for syllable in reading)] = None
        full["".join(_letters(syllable) for syllable in reading)] = None
    return (*found, *full)


def _letters(syllable: str) -> str:
    return "".join(sign for sign in syllable if sign.isalnum())


def _initial(syllable: str) -> str:
    letters = _letters(syllable)
    # What is not Chinese comes back as one piece: "12345热线" is found by "12345rx".
    return letters[:1] if letters.isalpha() and letters.isascii() else letters
