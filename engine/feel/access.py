"""Paths and filters as closures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from engine.feel import syntax
from engine.feel.arithmetic import seconds
from engine.feel.calendar import DATES, near
from engine.feel.compiler import compile_node, compiles
from engine.feel.errors import Position
from engine.feel.scope import Code, Frame, Run
from engine.feel.temporal import DAY, SECOND, DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.values import Range, Value, kind_name

_NOTHING = object()


@compiles(syntax.Path)
def path(node: syntax.Path) -> Code:
    """`source.name`."""
    source, name, position = compile_node(node.source), node.name, node.position

    def evaluate(frame: Frame) -> Value:
        value = source(frame)
        if type(value) is dict and name in value:
            return value[name]
        return member_of(frame.run, value, name, position)

    return evaluate


def member_of(run: Run, value: Value, name: str, position: Position) -> Value:
    """A part of a value; of a list, the parts of its items. Null with a warning when there is none."""
    if isinstance(value, list):
        run.charge(len(value))
        return [member_of(run, item, name, position) for item in value]
    found = value.get(name, _NOTHING) if isinstance(value, dict) else property_of(value, name)
    if found is _NOTHING:
        run.warn("no_entry", f"{kind_name(value)}没有“{name}”这一项", position)
        return None
    return found


def property_of(value: Value, name: str) -> Value:
    """A part of a date, time, duration or range. Source: DMN 1.5, table 65 and 10.3.2.7."""
    if isinstance(value, Range):
        return _range_part(value, name)
    if isinstance(value, DayTimeDuration | YearMonthDuration):
        return _duration_part(value, name)
    day = value.date if isinstance(value, DateTime) else value
    if isinstance(day, DATES) and name in ("year", "month", "day", "weekday"):
        number = near(day).isoweekday() if name == "weekday" else getattr(day, name)
        return Decimal(number)
    time = value.time if isinstance(value, DateTime) else value
    if isinstance(time, Time):
        return _time_part(value, time, name)
    # A date stands for its midnight UTC.
    if isinstance(value, DATES) and name in ("hour", "minute", "second"):
        return Decimal(0)
    return _NOTHING


def _time_part(value: Value, time: Time, name: str) -> Value:
    match name:
        case "hour":
            return Decimal(time.hour)
        case "minute":
            return Decimal(time.minute)
        case "second":
            return Decimal(time.second)
        case "time offset":
            offset = value.offset if isinstance(value, DateTime) else time.offset_on(dt.date(1970, 1, 1))
            return None if offset is None else DayTimeDuration(offset * SECOND)
        case "timezone":
            return time.zone
    return _NOTHING


def _range_part(value: Range, name: str) -> Value:
    parts: dict[str, Value] = {
        "start": value.start,
        "end": value.end,
        "start included": value.start_included,
        "end included": value.end_included,
    }
    return parts.get(name, _NOTHING)


def _duration_part(value: DayTimeDuration | YearMonthDuration, name: str) -> Value:
    if isinstance(value, YearMonthDuration):
        sign, length = (-1 if value.months < 0 else 1), abs(value.months)
        months = {"years": length // 12, "months": length % 12}
        return Decimal(sign * months[name]) if name in months else _NOTHING
    sign, length = (-1 if value.nanoseconds < 0 else 1), abs(value.nanoseconds)
    parts = {
        "days": length // DAY,
        "hours": length // (3600 * SECOND) % 24,
        "minutes": length // (60 * SECOND) % 60,
    }
    if name == "seconds":
        return sign * (seconds(DayTimeDuration(length)) % 60)
    return Decimal(sign * parts[name]) if name in parts else _NOTHING


@compiles(syntax.Filter)
def selection(node: syntax.Filter) -> Code:
    """`source[index]` or `source[condition]`."""
    source, condition, position = compile_node(node.source), compile_node(node.condition), node.position
    index = node.condition.value if isinstance(node.condition, syntax.Literal) else None
    if isinstance(index, Decimal):
        fixed = index
        return lambda frame: item_at(frame.run, _as_list(source(frame)), fixed, position)
    return select(source, condition, position)


def select(source: Code, condition: Code, position: Position) -> Code:
    """The closure of a filter: the items for which the condition is true, or the one at an index."""

    def evaluate(frame: Frame) -> Value:
        items = _as_list(source(frame))
        chosen: list[Value] = []
        run = frame.run
        run.charge(len(items))
        for place, item in enumerate(items):
            inner = Frame({"item": item}, frame, run)
            verdict = condition(Frame(item, inner, run) if isinstance(item, dict) else inner)
            if verdict is True:
                chosen.append(item)
            elif place == 0 and isinstance(verdict, Decimal):
                return item_at(run, items, verdict, position)
            elif verdict is not False and verdict is not None:
                run.warn("wrong_type", f"筛选条件不能是{kind_name(verdict)}", position)
                return None
        return chosen

    return evaluate


def _as_list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def item_at(run: Run, items: list[Value], index: Decimal, position: Position) -> Value:
    """The item at a place counted from 1, or from the end when negative; null outside."""
    if index == index.to_integral_value() and 1 <= abs(index) <= len(items):
        place = int(index)
        return items[place - 1 if place > 0 else place]
    run.warn("no_item", f"列表有{len(items)}项，没有第{index!s:.20}项", position)
    return None
