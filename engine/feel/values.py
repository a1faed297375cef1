"""FEEL's values: their names, conversion from Python's, and the range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from engine.feel.calendar import FarDate
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration

Value: TypeAlias = object
"""None, bool, Decimal, str, `datetime.date` (FarDate outside the years 1 to 9999), Time, DateTime,
DayTimeDuration, YearMonthDuration, list of values, dict from text to values, Range, or Function. Python's
int, float, datetime, time and timedelta are accepted where a value comes in and become the above."""


class Function:
    """A value that can be called; what kinds there are is in `functions`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open to that side.

    `sign` is `=` or `!=` when it was written as `(= a)` or `(!= a)`: such a range equals none that is
    written with two ends, and the latter holds everything but its end.
    """

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    sign: str = ""


_FIXED = frozenset(
    {type(None), bool, str, dt.date, FarDate, Time, DateTime, DayTimeDuration, YearMonthDuration} | {Range}
)
MAX_DEPTH = 200
"""Deepest nesting of a value that comes in or goes out."""
MAX_PARTS = 250_000
"""Most parts of such a value, each counted as often as it stands in it."""


class Budget:
    """Counts the parts of a value: one that holds a part many times over is as large as it reads."""

    __slots__ = ("left",)

    def __init__(self, parts: int = MAX_PARTS) -> None:
        self.left = parts

    def spend(self, parts: int, depth: int) -> None:
        """Count parts at a depth. Raises ValueError when there are too many, or too deep."""
        self.left -= parts
        if self.left < 0 or depth > MAX_DEPTH:
            raise ValueError("值过大或嵌套过深")


_SMALL = tuple(Decimal(number) for number in range(1001))


def from_python(value: object, budget: Budget | None = None, depth: int = 0) -> Value:
    """The FEEL value for a Python one; the same object where nothing has to change.

    `budget` and `depth` say what is left where it is a part of a larger one. Raises TypeError for a kind that
    FEEL does not have, ValueError when it is too large or nested too deeply.
    """
    kind = type(value)
    if kind in _FIXED:
        return value
    number = _NUMBERS.get(kind)
    return _converted(value, budget or Budget(), depth) if number is None else number(value)


def _converted(value: object, budget: Budget, depth: int) -> Value:
    kind = type(value)
    if kind is dict or (kind is not list and isinstance(value, Mapping)):
        return _entries(value, budget, depth)  # type: ignore[arg-type]
    if not isinstance(value, list | tuple):
        return _scalar(value)
    budget.spend(len(value), depth)
    items: list[Value] = []
    changed = type(value) is not list
    for item in value:
        kind = type(item)
        part: Value = item
        if kind not in _FIXED:
            number = _NUMBERS.get(kind)
            part = _converted(item, budget, depth + 1) if number is None else number(item)
            changed = changed or part is not item
        items.append(part)
    return items if changed else value


def _entries(value: Mapping[object, object], budget: Budget, depth: int) -> Value:
    budget.spend(len(value), depth)
    entries: dict[str, Value] = {}
    changed = type(value) is not dict
    for key, item in value.items():
        kind = type(item)
        part: Value = item
        if kind not in _FIXED:
            number = _NUMBERS.get(kind)
            part = _converted(item, budget, depth + 1) if number is None else number(item)
            changed = changed or part is not item
        if type(key) is not str:
            key, changed = str(key), True
        entries[key] = part
    return entries if changed else value


def _whole(value: int) -> Decimal:
    return _SMALL[value] if 0 <= value <= 1000 else Decimal(value)


def _finite(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


_NUMBERS: dict[type, Callable[..., Decimal | None]] = {
    Decimal: _finite,
    int: _whole,
    float: lambda value: _finite(Decimal(repr(value))),
}


def _scalar(value: object) -> Value:
    """Of kinds that derive from Python's own, and of those that FEEL has under another name."""
    for kind, number in _NUMBERS.items():
        if isinstance(value, kind):
            return number(kind(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dt.datetime):
        return DateTime.from_python(value)
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        delta = value.utcoffset()
        offset = None if delta is None else int(delta.total_seconds())
        return Time(value.hour, value.minute, value.second, value.microsecond * 1000, offset)
    if isinstance(value, dt.timedelta):
        return DayTimeDuration.from_python(value)
    if isinstance(value, Function):
        return value
    if callable(value):
        from engine.feel.functions import HostFunction

        return HostFunction(getattr(value, "__name__", "function"), value)
    raise TypeError(f"FEEL 没有与 Python 的 {type(value).__name__} 对应的值")


_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    dt.date: "date",
    FarDate: "date",
    Time: "time",
    DateTime: "date and time",
    DayTimeDuration: "days and time duration",
    YearMonthDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}


_WORDS = {
    "null": "空值",
    "boolean": "布尔值",
    "number": "数字",
    "string": "文本",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "天时分秒时长",
    "years and months duration": "年月时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
}


def kind_name(value: Value) -> str:
    """The kind of a value as messages call it."""
    return _WORDS[type_name(value)]


def type_name(value: Value) -> str:
    """FEEL's name for the kind of a value."""
    return _NAMES.get(type(value), "function")
