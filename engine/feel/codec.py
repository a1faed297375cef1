"""Values as JSON text: loss-free with tags for storage, or plain for people's programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import orjson

from engine.feel.calendar import FarDate
from engine.feel.errors import FeelError
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.temporal_text import (
    format_temporal,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from engine.feel.text import number_text
from engine.feel.values import Budget, Range, Value, from_python, kind_name

TAG = "$"
"""A JSON object with this one-letter key is a tagged value; a context that has it is wrapped in one."""


_MARK = f'"{TAG}"'
"""What a text must hold to have a tagged value in it: a quote inside a string is written otherwise."""

_BARE = frozenset({str, bool, type(None)})
"""Kinds that JSON has, too."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)
"""One of each for good: to make one costs as much as to read a variable."""


class CodecError(FeelError):
    """A value that cannot be written, or a text that is none of ours."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="codec")


def dumps(value: Value) -> str:
    """Loss-free text, equal for equal values. Raises CodecError for functions and too deep nesting."""
    try:
        if type(value) is str:
            return _text(value)
        return _text(_stored(value, Budget(), 0))  # which counts: nothing small unfolds without end
    except (TypeError, ValueError, RecursionError) as error:
        raise CodecError(f"这个值无法保存：{error}") from error


def _text(tagged: object) -> str:
    try:
        return orjson.dumps(tagged).decode()
    except orjson.JSONEncodeError:  # nested deeper than it goes, or a text that is none
        return _ENCODER.encode(tagged)


def loads(text: str) -> Value:
    """The value of a text made by `dumps`. Raises CodecError."""
    try:
        value = _read(text)
        return _untagged(value) if _MARK in text else value
    except (ValueError, KeyError, TypeError, InvalidOperation, RecursionError) as error:
        raise CodecError(f"这不是保存过的值：{error}") from error


def _read(text: str) -> Value:
    found: Value
    try:
        found = orjson.loads(text)  # no number stands bare in a text of ours
    except orjson.JSONDecodeError:  # nested deeper than it goes, or a text that is none
        found = _DECODER.decode(text)
    return found


def _stored(value: object, budget: Budget, depth: int) -> object:
    """`_tagged(from_python(value))`, what is in contexts and lists looked at once."""
    if type(value) is dict:
        budget.spend(len(value), depth)
        plain: dict[str, object] = {}
        for key, item in value.items():
            name = key if type(key) is str else str(key)
            plain[name] = item if type(item) in _BARE else _stored(item, budget, depth + 1)
        return {TAG: "c", "v": plain} if TAG in plain else plain
    if type(value) is list:
        budget.spend(len(value), depth)
        return [item if type(item) in _BARE else _stored(item, budget, depth + 1) for item in value]
    return _tagged(from_python(value, budget, depth))


def _tagged(value: Value) -> object:
    if type(value) is str or value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return {TAG: "n", "v": str(value)}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if isinstance(value, dict):
        plain = {key: _tagged(item) for key, item in value.items()}
        return {TAG: "c", "v": plain} if TAG in plain else plain
    if isinstance(value, Range):
        ends = [_tagged(value.start), _tagged(value.end), value.start_included, value.end_included]
        return {TAG: "r", "v": [*ends, value.sign] if value.sign else ends}
    tag = _TEMPORAL.get(type(value))
    if tag is not None:
        return {TAG: tag, "v": format_temporal(value)}  # type: ignore[arg-type]
    raise TypeError(f"{kind_name(value)}没有保存的形式")


_TEMPORAL: dict[type, str] = {
    dt.date: "d",
    FarDate: "d",
    Time: "t",
    DateTime: "dt",
    DayTimeDuration: "dd",
    YearMonthDuration: "ym",
}
_PARSERS: dict[str, Callable[[str], Value]] = {
    "n": Decimal,
    "d": parse_date,
    "t": parse_time,
    "dt": parse_date_time,
    "dd": parse_duration,
    "ym": parse_duration,
}


def _untagged(stored: object) -> Value:
    if isinstance(stored, list):
        return [_untagged(item) for item in stored]
    if not isinstance(stored, dict):
        return stored
    tag = stored.get(TAG)
    if tag is None:
        return {key: item if type(item) is str else _untagged(item) for key, item in stored.items()}
    value = stored["v"]
    if tag == "c":
        return {key: _untagged(item) for key, item in value.items()}
    if tag == "r":
        start, end, start_included, end_included, *sign = value
        ends = (_untagged(start), _untagged(end), bool(start_included), bool(end_included))
        return Range(*ends, *map(str, sign))
    parsed = _PARSERS[tag](value)
    if parsed is None:
        raise ValueError(f"“{value}”与标记“{tag}”不符")
    return parsed


Json = None | bool | str | list["Json"] | dict[str, "Json"]


def to_json(value: Value) -> Json:
    """Plain JSON: decimals as strings in plain digits, dates and durations in ISO 8601. Raises CodecError."""
    try:
        return _plain(from_python(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise CodecError(f"这个值没有 JSON 形式：{error}") from error


def _plain(value: Value) -> Json:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Range):
        return {
            "start": _plain(value.start),
            "end": _plain(value.end),
            "start included": value.start_included,
            "end included": value.end_included,
        }
    if isinstance(value, dt.date | FarDate | Time | DateTime | DayTimeDuration | YearMonthDuration):
        return format_temporal(value)
    return f"function {getattr(value, 'name', '')}".strip()
