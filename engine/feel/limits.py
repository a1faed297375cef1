"""How much one evaluation may cost.

Each limit can be set for one call (`Limits(steps=…)`) and, for a whole process, by the environment:
`BIHUAN_FEEL_STEPS=100000`. What the environment may raise a limit to is bounded, so that the process stays
whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

PREFIX = "BIHUAN_FEEL_"
_PARSING = {"text_size": 100_000, "nesting": 80, "tree": 160}
_HIGHEST = {"depth": 80, "warnings": 10_000, **_PARSING}
"""Beyond these Python's own stack or memory would end; the other limits may grow tenfold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one evaluation; going over one makes the result null with a warning `limit.*`.

    `steps` counts items iterated, filtered, compared and functions called; `depth` counts calls of
    user-defined functions inside each other; sizes are items, characters and digits.
    """

    steps: int = 500_000
    depth: int = 80
    list_size: int = 100_000
    range_size: int = 100_000
    string_size: int = 1_000_000
    number_digits: int = 7_000
    pattern_size: int = 500
    pattern_input: int = 100_000
    pattern_steps: int = 500_000
    warnings: int = 100

    @property
    def ample(self) -> bool:
        """Whether what is evaluated the short way, which is bounded by itself, stays inside them."""
        return min(self.steps // 10, self.list_size * 100, self.string_size) >= 10_000


def variable_of(name: str) -> str:
    """The environment's name for a limit."""
    return PREFIX + name.upper()


def set_by(environment: Mapping[str, str], name: str, default: int) -> int:
    """A limit as the environment sets it, else its default. Raises ValueError for what is no such number."""
    text = environment.get(variable_of(name), "")
    if not text:
        return default
    highest = _HIGHEST.get(name, default * 10)
    if not text.isascii() or not text.isdigit() or len(text) > 12 or not 1 <= int(text) <= highest:
        raise ValueError(f"{variable_of(name)} 应当是1至{highest}的整数，却是“{text[:40]}”。")
    return int(text)


def limits_of(environment: Mapping[str, str]) -> Limits:
    """The limits of a process. Raises ValueError."""
    plain = Limits()
    found = {one.name: set_by(environment, one.name, getattr(plain, one.name)) for one in fields(Limits)}
    return replace(plain, **found)


DEFAULT_LIMITS = limits_of(os.environ)

MAX_TEXT = set_by(os.environ, "text_size", _PARSING["text_size"])
"""Longest expression in characters that is parsed at all."""

MAX_NESTING = set_by(os.environ, "nesting", _PARSING["nesting"])
"""Deepest nesting of brackets and operands that the parser accepts."""

MAX_TREE = set_by(os.environ, "tree", _PARSING["tree"])
"""Deepest syntax tree: a chain `1 + 1 + ...` is as deep as it is long."""
