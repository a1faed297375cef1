"""Which fields may show, hide or require something when they change: those alone make the page ask again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from forms.components import Component
from forms.expressions import Condition

_SAID: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(\w+)')
_WORD: Final = re.compile(r"\w+")
_WHOLE: Final = frozenset({"this", "parent"})

EVERY: Final[tuple[str, ...]] = ("*",)
"""Stands among the paths when an expression looks at a whole row: then every field counts."""


def affecting(root: Component) -> frozenset[tuple[str, ...]]:
    """The paths (from the form's root, without row numbers) of the fields that conditions look at.

    A name means the field of that name in the row where the condition stands, else in what encloses it. Of a
    list that is named, the fields count that the condition names too: none in `count(rows) = 0`.
    """
    return frozenset(_looked_at(root, [root]))


def _looked_at(container: Component, scopes: Sequence[Component]) -> Iterator[tuple[str, ...]]:
    for child in container.children:
        for condition in (child.hide, child.rules.required):
            if isinstance(condition, Condition):
                yield from _fields_in(condition, scopes)
        inner = [*scopes, child] if child.kind == "dynamiclist" else scopes
        yield from _looked_at(child, inner)


def _fields_in(condition: Condition, scopes: Sequence[Component]) -> Iterator[tuple[str, ...]]:
    names = condition.compiled.free_names
    if names & _WHOLE:
        yield EVERY
    words = {word for word in _SAID.findall(condition.compiled.text) if word}
    for name in names:
        for scope in reversed(scopes):
            found = [field for field in scope.own_fields() if field.local[0] == name]
            for field in found:
                yield from _named(field, words)
            if found:
                break


def _named(field: Component, words: set[str]) -> Iterator[tuple[str, ...]]:
    if not words.issuperset(word for part in field.local for word in _WORD.findall(part)):
        return
    if field.kind == "dynamiclist":
        for inner in field.own_fields():
            yield from _named(inner, words)
    else:
        yield field.path
