"""Rows as the driver gives them, by name and with the values that are meant.

By convention (`engine.store.sql`) a column's name says what it holds: on SQLite an instant (`_at`) and a day
(`_on`) come as text, on both homes JSON (`_json`) does.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson

from engine.store.types import instant_of

Row = dict[str, Any]
Convert = Callable[[Any], Any]
Columns = tuple[tuple[str, ...], tuple[tuple[str, Convert], ...]]
"""The names of a result's columns, and what makes of the driver's value the one that is meant."""


def columns_of(cursor: Any) -> Columns:
    """The names of a result's columns, and what makes of the driver's value the one that is meant."""
    names = tuple(column[0] for column in cursor.description or ())
    converts = ((name, _FROM_DRIVER.get(name[-3:]) or _FROM_DRIVER.get(name[-5:])) for name in names)
    return names, tuple((name, convert) for name, convert in converts if convert is not None)


def named(columns: Columns, rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Rows by the names of their columns, with the values that are meant."""
    names, converts = columns
    found = [dict(zip(names, values, strict=True)) for values in rows]
    for name, convert in converts:
        for row in found:
            value = row[name]
            if value is not None:
                row[name] = convert(value)
    return found


def _instant(value: Any) -> datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else instant_of(value)


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value


_FROM_DRIVER: Mapping[str, Convert] = {"_at": _instant, "_on": _day, "_json": _json}
