"""Variables as a person reads and corrects them: a text for each value, and a value of the same kind back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from engine.feel import FeelError, evaluate
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.temporal_text import format_temporal
from engine.feel.text import number_text

Value = Any
NAMES = {
    "text": "文字",
    "number": "数",
    "boolean": "真或假",
    "date": "日期",
    "time": "时刻",
    "date and time": "日期和时刻",
    "duration": "时长",
    "list": "列表",
    "context": "对象",
    "null": "空",
}
MOST = 100_000
"""The longest text of a value, in characters."""


class NotOfKind(ValueError):
    """What was written is no value of the kind that is wanted."""

    def __init__(self, name: str, kind: str, text: str) -> None:
        super().__init__(f"“{name}”应当是{NAMES.get(kind, kind)}，“{text[:40]}”不是。")
        self.name = name


def kind_of(value: Value) -> str:
    """One of `NAMES`."""
    if value is None:
        return "null"
    for kind, types in _KINDS:
        if isinstance(value, types):
            return kind
    return "text"


_KINDS: tuple[tuple[str, Any], ...] = (
    ("boolean", bool),
    ("number", Decimal | int),
    ("text", str),
    ("date and time", DateTime),
    ("date", dt.date),
    ("time", Time),
    ("duration", DayTimeDuration | YearMonthDuration),
    ("list", list),
    ("context", dict),
)


def literal(value: Value) -> str:
    """FEEL that gives this value."""
    kind = kind_of(value)
    if kind == "text":
        return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if kind == "list":
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if kind == "context":
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if kind in ("date", "time", "date and time", "duration"):
        return f'{kind}("{format_temporal(value)}")'
    return text_of(value)


def text_of(value: Value) -> str:
    """What stands in the field: the text itself, a number's digits, a date; FEEL for lists and contexts."""
    kind = kind_of(value)
    if kind == "null":
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "number":
        return number_text(Decimal(value))
    if kind in ("date", "time", "date and time", "duration"):
        return format_temporal(value)
    return str(value) if kind == "text" else literal(value)


def value_of(name: str, text: str, *, kind: str) -> Value:
    """The value that was written for variable `name`. Raises NotOfKind."""
    if kind == "text":
        return text
    if kind == "null":
        return None
    written = text.strip()
    if len(written) > MOST:
        raise NotOfKind(name, kind, text)
    quoted = written.replace("\\", "\\\\").replace('"', '\\"')
    source = f'{kind}("{quoted}")' if kind in ("date", "time", "date and time", "duration") else written
    try:
        value = evaluate(source)
    except FeelError:
        raise NotOfKind(name, kind, text) from None
    if kind_of(value) != kind:
        raise NotOfKind(name, kind, text)
    return value
