"""FEEL in forms: conditions, bounds, and text with `{{placeholders}}`.

Expressions are compiled while the form is read, so a form with a broken one is refused. Their
evaluation never raises: `truth` says what to assume when an expression fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from engine.feel import Expression, FeelError, Value, Warning, compile_expression

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


Functions = Mapping[str, Callable[..., Value]]


class Scope:
    """The names that an expression can see, and the functions that the host gives (`today`).

    Names that are given as a function are worked out when the first expression asks: most forms have none.
    """

    __slots__ = ("_make", "_names", "functions")

    def __init__(
        self, names: Callable[[], dict[str, Value]] | None = None, functions: Functions | None = None
    ) -> None:
        self._make = names
        self._names: dict[str, Value] | None = None if names else {}
        self.functions = functions

    @property
    def names(self) -> dict[str, Value]:
        """Every name with its FEEL value."""
        if self._names is None:
            assert self._make is not None  # one of the two is there from the beginning
            self._names = self._make()
        return self._names


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled FEEL expression of a form; `source` is its text without the leading `=`."""

    source: str
    compiled: Expression

    def value(self, scope: Scope) -> Value:
        """The expression's value in `scope`, None when it fails."""
        try:
            return self.compiled(scope.names, functions=scope.functions)
        except (FeelError, ArithmeticError, RecursionError):
            return None

    def truth(self, scope: Scope, *, failing: bool) -> bool:
        """Whether the expression is true; `failing` is the answer when it could not be finished."""
        warnings: list[Warning] = []
        try:
            value = self.compiled(scope.names, functions=scope.functions, warnings=warnings)
        except (FeelError, ArithmeticError, RecursionError):
            return failing
        stopped = value is None and any(warning.code.startswith("limit.") for warning in warnings)
        return failing if stopped else value is True

    def number(self, scope: Scope) -> Decimal | None:
        """The value as a number (a text that holds one counts), None when it is none."""
        return as_number(self.value(scope))


@dataclass(frozen=True, slots=True)
class Template:
    """Text of a form that may hold FEEL: whole (`=expr`) or in places (`为{{name}}填报`)."""

    parts: tuple[str | Condition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def whole(self) -> bool:
        """Whether the text is one expression, which may hold the designer's own literals."""
        return len(self.parts) == 1 and isinstance(self.parts[0], Condition)

    def fill(self, scope: Scope) -> list[tuple[str, bool]]:
        """The text piece by piece; True marks a piece that was put into a placeholder from data."""
        pieces: list[tuple[str, bool]] = []
        for part in self.parts:
            if isinstance(part, str):
                pieces.append((part, False))
            else:
                pieces.append((as_text(part.value(scope)), not self.whole))
        return pieces

    def text(self, scope: Scope) -> str:
        """The text with everything filled in."""
        return "".join(piece for piece, _ in self.fill(scope))


def compile_condition(text: str) -> Condition:
    """Compile FEEL text, with or without the leading `=`.

    Raises engine.feel.FeelError (FeelSyntaxError) when it is not FEEL.
    """
    source = text.strip().removeprefix("=").strip()
    return Condition(source=source, compiled=compile_expression(source))


def compile_template(text: str) -> Template:
    """Compile a label, a description or a text component.

    Raises engine.feel.FeelError when an expression is broken, ValueError for `{{#if}}` and
    `{{#loop}}`, which are not supported.
    """
    if not text:
        return Template()
    if text.startswith("="):
        return Template((compile_condition(text),))
    parts: list[str | Condition] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        inner = match.group(1).strip()
        if inner.startswith(("#", "/")):
            raise ValueError(f"不支持 {{{{{inner}}}}}。")
        parts.extend([text[end : match.start()], compile_condition(inner)])
        end = match.end()
    parts.append(text[end:])
    return Template(tuple(part for part in parts if part != ""))


def as_text(value: Value) -> str:
    """A FEEL value as people read it: no quotes, plain decimals, lists joined with 、."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return "、".join(as_text(item) for item in value)
    return str(value)


def as_number(value: object) -> Decimal | None:
    """A number, or a text that holds one, as Decimal; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


PLAIN = frozenset({type(None), bool, str, Decimal})
"""What is a FEEL value as it stands."""


def to_feel(value: object) -> Value:
    """Plain data (JSON, records) as a FEEL value: numbers become Decimal, tuples lists."""
    if type(value) is dict:  # most are; to ask an abstract class takes longer
        return {str(key): item if type(item) in PLAIN else to_feel(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | str | Decimal):
        return value
    if isinstance(value, int | float):
        return as_number(value)
    if isinstance(value, Mapping):
        return {str(key): to_feel(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_feel(item) for item in value]
    return value  # dates, durations and ranges are FEEL values already
