"""How much one evaluation may cost."""

from __future__ import annotations

from dataclasses import dataclass

MAX_TEXT = 100_000
"""Longest expression in characters that is parsed at all."""

MAX_NESTING = 80
"""Deepest nesting of brackets and operands that the parser accepts."""

MAX_TREE = 160
"""Deepest syntax tree: a chain `1 + 1 + ...` is as deep as it is long."""


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


DEFAULT_LIMITS = Limits()
