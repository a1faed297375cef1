"""How FEEL's `string()` writes a value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from engine.feel.calendar import FarDate
from engine.feel.scope import Run
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.temporal_text import format_temporal
from engine.feel.values import Function, Range, Value


def number_text(number: Decimal) -> str:
    """A number in plain digits, never with an exponent."""
    text = format(number, "f")
    return "0" if text == "-0" else text


def string_of(run: Run, value: Value, *, quoted: bool = False) -> str:
    """A value as text; texts inside lists and contexts stand in quotation marks."""
    if isinstance(value, str):
        if not quoted:
            return value
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dt.date | FarDate | Time | DateTime | DayTimeDuration | YearMonthDuration):
        return format_temporal(value)
    run.charge(2 + (len(value) if isinstance(value, list | dict) else 0))
    if isinstance(value, list):
        return run.text_of("[" + ", ".join(string_of(run, item, quoted=True) for item in value) + "]")
    if isinstance(value, dict):
        parts = [f"{key}: {string_of(run, item, quoted=True)}" for key, item in value.items()]
        return run.text_of("{" + ", ".join(parts) + "}")
    if isinstance(value, Range):
        return _range_text(run, value)
    return f"function {value.name}" if isinstance(value, Function) else str(value)


def _range_text(run: Run, value: Range) -> str:
    start, end = (string_of(run, part, quoted=True) for part in (value.start, value.end))
    if value.sign:
        return f"{value.sign} {start}"
    if value.start is None and value.end is not None:
        return f"{'<=' if value.end_included else '<'} {end}"
    if value.end is None and value.start is not None:
        return f"{'>=' if value.start_included else '>'} {start}"
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"
