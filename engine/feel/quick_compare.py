"""The short way of comparisons."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from engine.feel import syntax
from engine.feel.quick import (
    KINDS,
    NUMBERS,
    Quick,
    Run,
    Scope,
    Unusual,
    of_kind,
    ready,
    shorten,
    shortens,
    together,
)
from engine.feel.values import Value

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_EXACT = 10**15
"""Below it a float lies to a whole number as its shortest decimal does."""


@shortens(syntax.Compare)
def comparison(node: syntax.Compare) -> Quick | None:
    """`left op right` of two numbers, two texts, or equality of two truth values."""
    left, right = shorten(node.left), shorten(node.right)
    operate = OPERATORS[node.op]
    if isinstance(node.right, syntax.Literal):
        return _with_constant(left, node.right.value, node.op)
    if left is None or right is None:
        return None
    kinds = {left.kind, right.kind} - {""}
    if len(kinds) > 1 or kinds - set(KINDS) or (kinds == {"boolean"} and node.op not in ("=", "!=")):
        return None
    if kinds:
        first, second = of_kind(left, *kinds), of_kind(right, *kinds)
        assert first is not None and second is not None
        return together([left, right], run=lambda scope: operate(first(scope), second(scope)), kind="boolean")
    one, other = left.run, right.run

    def evaluate(scope: Scope) -> bool:
        before, after = one(scope), other(scope)
        kind = type(before)
        if (kind in NUMBERS and type(after) in NUMBERS) or (kind is str and type(after) is str):
            same: bool = operate(before, after)
            return same
        raise Unusual

    return together([left, right], run=evaluate, kind="boolean")


def _with_constant(left: Quick | None, constant: Value, op: str) -> Quick | None:
    if left is None:
        return None
    read, operate = left.bare or left.run, OPERATORS[op]
    if isinstance(constant, str):
        return Quick(_against_text(read, constant, operate), "boolean", left.loops, left.calls)
    if isinstance(constant, Decimal):
        return Quick(_against_number(read, plain(constant), operate), "boolean", left.loops, left.calls)
    if constant is None and op in ("=", "!="):
        return Quick(_against_null(read, op == "="), "boolean", left.loops, left.calls)
    return None


def _against_null(read: Run, wanted: bool) -> Run:
    def evaluate(scope: Scope) -> bool:
        value = read(scope)
        if value is not None:
            ready(value)
        return (value is None) is wanted

    return evaluate


def _against_text(read: Run, text: str, operate: Callable[[Any, Any], bool]) -> Run:
    def evaluate(scope: Scope) -> Any:
        value = read(scope)
        if type(value) is not str:
            raise Unusual
        return operate(value, text)

    return evaluate


def _against_number(read: Run, number: int | Decimal, operate: Callable[[Any, Any], bool]) -> Run:
    whole = type(number) is int

    def evaluate(scope: Scope) -> bool:
        value = read(scope)
        kind = type(value)
        if kind is int or (kind is float and whole and -_EXACT < value < _EXACT):
            return operate(value, number)
        value = ready(value)
        if type(value) is not Decimal:
            raise Unusual
        return operate(value, number)

    return evaluate


def plain(number: Decimal) -> int | Decimal:
    """A whole number as int, which compares faster."""
    return int(number) if abs(number) < _EXACT and number == int(number) else number
