"""FEEL in a diagram: a leading `=` marks an expression, anything else is the text itself."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.bpmn.failures import ExpressionFailed
from engine.feel import DEFAULT_LIMITS, FeelError, Warning, compile_expression
from engine.feel.syntax import Name, Path

Value = Any
Functions = Mapping[str, Callable[..., Value]]


@lru_cache(maxsize=2_000)
def _flat(text: str) -> str:
    return " ".join(text.split())


class Expressions:
    """The compiled expressions of one process, shared by all its instances.

    What an expression means depends on which names have more than one word: functions that the runtime
    gives (`add working days`) and such variables. Those that its text contains are part of the cache's key.
    """

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, frozenset[str]], Any] = {}

    def evaluate(
        self,
        text: str,
        context: Mapping[str, Value],
        *,
        functions: Functions,
        element: str = "",
        warnings: list[Warning] | None = None,
    ) -> Value:
        """The value of FEEL `text` (without `=`). Raises ExpressionFailed when it does not parse."""
        flat = _flat(text)
        spoken = [name for name in (*context, *functions) if not name.isidentifier() and name in flat]
        key = (text, frozenset(spoken))
        expression = self._compiled.get(key)
        if expression is None:
            try:
                expression = compile_expression(text, names=key[1])
            except FeelError as error:
                raise ExpressionFailed(
                    f"表达式“{text}”写法有误：{error}", element=element, text=text
                ) from error
            self._compiled[key] = expression
        try:
            return expression(context, functions=functions, warnings=warnings)
        except FeelError as error:
            raise ExpressionFailed(f"表达式“{text}”无法计算：{error}", element=element, text=text) from error


def is_feel(text: str) -> bool:
    """Does the text begin with `=`?"""
    return text.lstrip().startswith("=")


def body_of(text: str) -> str:
    """The expression after the leading `=`, or the text as it is."""
    stripped = text.strip()
    return stripped[1:].strip() if stripped.startswith("=") else stripped


@lru_cache(maxsize=2_000)
def variable_read(text: str) -> str | None:
    """The variable of an expression that is only that, or a property of it (`= answer`, `= answer.text`)."""
    try:
        tree = compile_expression(body_of(text)).tree
    except FeelError:
        return None
    while isinstance(tree, Path):
        tree = tree.source
    return tree.name if isinstance(tree, Name) else None


LONGEST_NAME = 200
"""Characters of an id, or of the name of a message, signal or variable: what a row of the database takes."""
MOST_ROUNDS = DEFAULT_LIMITS.list_size
"""Rounds of a multi-instance that is given by a number: as many as a list of FEEL may hold."""
LONGEST_KEY = 300
"""Characters of a correlation key or business key."""


def as_key(value: Value) -> str | None:
    """A correlation key as text: a non-empty string or a number; None for anything else."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None


def assign(target: str, value: Value, current: Value) -> tuple[str, Value]:
    """What to store for a mapping's target: `a.b.c` sets one entry in the context `current` of `a`.

    Returns the variable's name and its new value; contexts on the way are copied, never changed in place.
    """
    name, _, rest = target.partition(".")
    if not rest:
        return name, value
    base = dict(current) if isinstance(current, dict) else {}
    inner, changed = assign(rest, value, base.get(rest.partition(".")[0]))
    base[inner] = changed
    return name, base
