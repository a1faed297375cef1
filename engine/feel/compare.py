"""Equality, order and membership, in three-valued logic: None is "cannot be told"."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from engine.feel.calendar import DATES, FarDate
from engine.feel.scope import Run
from engine.feel.temporal import SECOND, DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.values import Function, Range, Value


def equal(run: Run, left: Value, right: Value) -> bool | None:
    """`left = right`; None when the kinds differ."""
    if left is None or right is None:
        return left is None and right is None
    kind = type(left)
    if kind is not type(right):
        # A near and a far date are both dates.
        return False if isinstance(left, DATES) and isinstance(right, DATES) else None
    if kind is str:
        run.compared(left, right)
    if kind is list:
        assert isinstance(left, list) and isinstance(right, list)
        return _equal_lists(run, left, right)
    if kind is dict:
        assert isinstance(left, dict) and isinstance(right, dict)
        return _equal_contexts(run, left, right)
    if isinstance(left, Range) and isinstance(right, Range):
        return _equal_ranges(run, left, right)
    if isinstance(left, DateTime | Time) and isinstance(right, DateTime | Time):
        return _comparable(left, right) and _second(left) == _second(right)
    if isinstance(left, Function):
        return left is right
    return left == right


def _second(value: DateTime | Time) -> int:
    # Source: DMN 1.5, tables 53 and 54: points in time are compared by the second.
    return value.utc_nanoseconds // SECOND


def _comparable(left: DateTime | Time, right: DateTime | Time) -> bool:
    first = left.time if isinstance(left, DateTime) else left
    second = right.time if isinstance(right, DateTime) else right
    return first.zoned == second.zoned


def _equal_lists(run: Run, left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    run.charge(len(left))
    for one, other in zip(left, right, strict=True):
        if one is not other and equal(run, one, other) is not True:
            return False
    return True


def _equal_contexts(run: Run, left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    run.charge(len(left))
    return all(equal(run, value, right[key]) is True for key, value in left.items())


def _equal_ranges(run: Run, left: Range, right: Range) -> bool | None:
    if (left.start_included, left.end_included, left.sign) != (
        right.start_included,
        right.end_included,
        right.sign,
    ):
        return False
    return equal(run, left.start, right.start) is True and equal(run, left.end, right.end) is True


_ORDERED = frozenset({Decimal, str, dt.date})
"""Kinds that Python orders as FEEL does: text by code point."""


def less(left: Value, right: Value) -> bool | None:
    """`left < right`; None when the kinds differ or have no order."""
    if type(left) is type(right) and type(left) in _ORDERED:
        return left < right  # type: ignore[operator, no-any-return]
    match left, right:
        case (dt.date() | FarDate(), dt.date() | FarDate()):
            return left < right
        case (DateTime(), DateTime()):
            return _second(left) < _second(right) if _comparable(left, right) else None
        case (Time(), Time()):
            return _second(left) < _second(right) if _comparable(left, right) else None
        case (DayTimeDuration(), DayTimeDuration()):
            return left.nanoseconds < right.nanoseconds
        case (YearMonthDuration(), YearMonthDuration()):
            return left.months < right.months
    return None


def compare(run: Run, op: str, left: Value, right: Value) -> bool | None:
    """Any of `= != < <= > >=`."""
    if op == "=":
        return equal(run, left, right)
    if op == "!=":
        same = equal(run, left, right)
        return None if same is None else not same
    run.compared(left, right)
    if op == "<":
        return less(left, right)
    if op == ">":
        return less(right, left)
    after = less(right, left) if op == "<=" else less(left, right)
    return None if after is None else not after


def within(run: Run, value: Value, interval: Range) -> bool | None:
    """Whether a range holds a value; an end that is null is open."""
    if interval.sign:
        return compare(run, interval.sign, value, interval.start)
    above: bool | None = True
    below: bool | None = True
    if interval.start is not None:
        above = compare(run, ">=" if interval.start_included else ">", value, interval.start)
    if interval.end is not None:
        below = compare(run, "<=" if interval.end_included else "<", value, interval.end)
    return both(above, below)


def both(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued `and`."""
    if left is False or right is False:
        return False
    return True if left and right else None


def member(run: Run, value: Value, test: Value) -> bool | None:
    """Whether a value passes a test that is itself a value: equal to it, inside it, or one of its items."""
    if isinstance(test, Range):
        return equal(run, value, test) if isinstance(value, Range) else within(run, value, test)
    if isinstance(test, list):
        if isinstance(value, list) and equal(run, value, test):
            return True
        run.charge(len(test))
        return any(member(run, value, item) is True for item in test)
    return equal(run, value, test)
