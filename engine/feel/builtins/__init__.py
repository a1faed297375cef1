"""The standard's built-in functions, one module a kind. Nothing here knows the syntax."""

from __future__ import annotations

from engine.feel.builtins import contexts, conversion, dates, lists, numbers, patterns, ranges, strings
from engine.feel.builtins.registry import BUILTINS, Builtin

__all__ = [
    "BUILTINS",
    "Builtin",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "numbers",
    "patterns",
    "ranges",
    "strings",
]
