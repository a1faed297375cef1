"""What a running expression stands on: its names and its budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.feel.errors import LimitReached, Position, Warning
from engine.feel.limits import Limits
from engine.feel.values import Value


class Run:
    """One evaluation: what it may still spend, and what went wrong so far."""

    __slots__ = ("depth", "functions", "limits", "steps", "warnings")

    def __init__(
        self, limits: Limits, warnings: list[Warning] | None, functions: Mapping[str, Callable[..., object]]
    ) -> None:
        self.limits = limits
        self.steps = 0
        self.depth = 0
        self.warnings = warnings
        self.functions = functions

    def charge(self, steps: int) -> None:
        """Spend steps. Raises LimitReached when the budget is gone."""
        self.steps += steps
        if self.steps > self.limits.steps:
            raise LimitReached(f"计算超过{self.limits.steps}步", code="steps")

    def warn(self, code: str, message: str, position: Position) -> None:
        """Note why something is null."""
        if self.warnings is not None and len(self.warnings) < self.limits.warnings:
            self.warnings.append(Warning(code, message, position))

    def compared(self, left: Value, right: Value) -> None:
        """Pay for comparing two values, if they are long texts."""
        if type(left) is str and type(right) is str:
            self.charge(min(len(left), len(right)) // 256)

    def list_of(self, items: list[Value]) -> list[Value]:
        """The list itself, if it is not too long."""
        self.charge(len(items))
        if len(items) > self.limits.list_size:
            raise LimitReached(f"列表超过{self.limits.list_size}项", code="list")
        return items

    def text_of(self, text: str) -> str:
        """The text itself, if it is not too long."""
        self.charge(len(text) // 256)
        if len(text) > self.limits.string_size:
            raise LimitReached(f"文本超过{self.limits.string_size}个字符", code="string")
        return text


class Frame:
    """Names and their values, inside an outer frame."""

    __slots__ = ("parent", "run", "vars")

    def __init__(self, vars: Mapping[str, Value], parent: Frame | None, run: Run) -> None:
        self.vars = vars
        self.parent = parent
        self.run = run


Code = Callable[[Frame], Value]
"""A compiled expression."""

MISSING = object()


def lookup(frame: Frame, name: str) -> Value:
    """The value of a name in the innermost frame that has it, else MISSING."""
    scope: Frame | None = frame
    while scope is not None:
        value = scope.vars.get(name, MISSING)
        if value is not MISSING:
            return value
        scope = scope.parent
    return MISSING
