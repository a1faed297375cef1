"""Data inside Markdown that a form's designer wrote: its characters are kept out of the parser's sight.

Each character that could begin markup is exchanged for one private-use character before an expression
is evaluated, and given back, escaped for HTML, after the text was rendered. One for one, so
that `substring` and the like cannot cut an escape in two.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from engine.feel import Value
from forms.expressions import Scope

_MARKS: Final = "\\`*_{}[]()#+-.!|<>~&:/@='\"\n"
_FIRST: Final = 0xE000
_HIDDEN: Final = {ord(mark): chr(_FIRST + at) for at, mark in enumerate(_MARKS)}
_SHOWN: Final = {
    _FIRST + at: "<br>\n" if mark == "\n" else html.escape(mark) for at, mark in enumerate(_MARKS)
}
# Keys, dates, numbers and ids hold no markup; left as they are, expressions may still compute with them.
_PLAIN: Final = re.compile(r"[A-Za-z0-9]+(?:[-.:][A-Za-z0-9]+)*")
LINE_BREAK: Final = _HIDDEN[ord("\n")]


def inert_scope(scope: Scope) -> Scope:
    """The same names; every text in their values, however deep, without characters of markup."""
    return Scope(lambda: {name: _inert(value) for name, value in scope.names.items()}, scope.functions)


def revive(rendered: str) -> str:
    """Rendered HTML with the characters of the data in their places, escaped."""
    return rendered.translate(_SHOWN)


def _inert(value: Value) -> Value:
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        return lines if _PLAIN.fullmatch(lines) else lines.translate(_HIDDEN)
    if isinstance(value, Mapping):
        return {key: _inert(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_inert(item) for item in value]
    return value
