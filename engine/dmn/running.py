"""One run of decisions: FEEL's budget, and a note of the rules that fired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.dmn.model import Place
from engine.feel import Value, Warning
from engine.feel.limits import Limits
from engine.feel.scope import Code, Frame, Run


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that fired: its number in the table, from 1, and its id if it has one."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class LocatedWarning(Warning):
    """A warning with a line and column of the model's file, and the id of the cell or box."""

    element: str = ""


@dataclass(slots=True)
class Notes:
    """What a decision looked at."""

    inputs: dict[str, Value] = field(default_factory=dict)
    rules: list[FiredRule] = field(default_factory=list)


class DecisionRun(Run):
    """A run that also takes notes."""

    __slots__ = ("found", "notes")

    def __init__(self, limits: Limits, functions: Mapping[str, Callable[..., object]]) -> None:
        self.found: list[Warning] = []
        super().__init__(limits, self.found, functions)
        self.notes = Notes()


def located(code: Code, place: Place) -> Code:
    """The same closure; its warnings say where in the file they arose."""

    def evaluate(frame: Frame) -> Value:
        found = frame.run.warnings
        before = len(found) if found is not None else 0
        value = code(frame)
        if found is not None and len(found) > before:
            for index in range(before, len(found)):
                if not isinstance(found[index], LocatedWarning):
                    found[index] = _at(found[index], place)
        return value

    return evaluate


def _at(warning: Warning, place: Place) -> LocatedWarning:
    line, column = warning.position
    return LocatedWarning(warning.code, warning.message, (place.line + line - 1, column), place.element)


def nothing(frame: Frame) -> Value:
    """Null, as a closure."""
    return None
