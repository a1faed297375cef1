"""Which words belong together as one name: FEEL's names may hold spaces and signs."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Source, Token, tokenize

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "between",
        "in",
        "instance",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "true",
        "false",
        "null",
    ]
)
# A word that is a keyword only where its construct is open (`of`, `not`, `external`) may be a name.

Shape = tuple[tuple[str, bool], ...]
"""A name's tokens: text, and whether white space stands before it."""


@lru_cache(maxsize=4096)
def shape_of(name: str) -> Shape | None:
    """The tokens that a name consists of; None when it cannot be written in an expression."""
    try:
        tokens = tokenize(Source(name.strip()))
    except FeelSyntaxError:
        return None
    if len(tokens) < 2 or tokens[0].kind != "word" or any(token.kind == "string" for token in tokens):
        return None
    return tuple((token.text, token.spaced) for token in tokens[:-1])


class NameTable:
    """Known names, found by their first word; the longest that fits wins."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[Shape, str]]] = {}
        self._known: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> bool:
        """Learn a name; returns whether it was new and can be written."""
        shape = shape_of(name)
        if shape is None:
            return False
        if name in self._known:
            return False
        self._known.add(name)
        insort(self._by_first.setdefault(shape[0][0], []), (shape, name), key=lambda entry: -len(entry[0]))
        return True

    def remove(self, name: str) -> None:
        """Forget a name again."""
        shape = shape_of(name)
        if shape is not None and name in self._known:
            self._known.discard(name)
            self._by_first[shape[0][0]].remove((shape, name))

    def match(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest known name that starts at a token, and how many tokens it takes."""
        for shape, name in self._by_first.get(tokens[index].text, ()):
            if _fits(shape, tokens, index):
                return name, len(shape)
        return None

    def matches(self, tokens: list[Token], index: int) -> list[tuple[str, int]]:
        """All known names that start at a token, longest first."""
        known = self._by_first.get(tokens[index].text, ())
        return [(name, len(shape)) for shape, name in known if _fits(shape, tokens, index)]


@lru_cache(maxsize=64)
def fixed_table(names: frozenset[str]) -> NameTable:
    """A table that many parsers share; nobody may add to it."""
    return NameTable(names)


def _fits(shape: Shape, tokens: list[Token], index: int) -> bool:
    if index + len(shape) >= len(tokens):
        return False
    for place, (text, spaced) in enumerate(shape):
        token = tokens[index + place]
        if token.text != text or (place > 0 and token.spaced != spaced):
            return False
    return True


def join(tokens: list[Token]) -> str:
    """The name that these tokens spell: one space for any white space."""
    return "".join((" " if token.spaced and place else "") + token.text for place, token in enumerate(tokens))
