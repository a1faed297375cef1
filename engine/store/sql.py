"""Named SQL on the driver's own connection, inside SQLAlchemy's transaction.

The engine's step runs a dozen statements; building them anew each time would cost more than running
them. They stand in `.sql` files, each under a line `-- name: what_it_does`, with `:parameters`.

Values travel by convention: on SQLite, columns that end in `_at` come back as instants and those in
`_on` as dates; on both, those in `_json` as decoded JSON.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import Connection

from engine.store.database import Dialect, dialect_of
from engine.store.texts import check_text, json_text
from engine.store.types import instant_of, instant_text

Row = dict[str, Any]

_NAME = re.compile(r"^--\s*name:\s*(\w+)\s*$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class Queries:
    """The statements of one `.sql` file."""

    def __init__(self, path: Path) -> None:
        parts = _NAME.split(path.read_text("utf-8"))
        pairs = zip(parts[1::2], parts[2::2], strict=True)
        self._texts = {name: _without_comments(text).strip().rstrip(";") for name, text in pairs}
        self._ready: dict[tuple[str, Dialect], tuple[str, tuple[str, ...]]] = {}
        self._columns: dict[str, Columns] = {}

    def rows(self, connection: Connection, name: str, /, **values: object) -> list[Row]:
        """All rows of statement `name`."""
        cursor = self._execute(connection, name, values)
        columns = self._columns.get(name)
        if columns is None:
            columns = self._columns[name] = _columns(cursor)
        found = [_row(columns, row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def row(self, connection: Connection, name: str, /, **values: object) -> Row | None:
        """The first row of statement `name`, or None."""
        found = self.rows(connection, name, **values)
        return found[0] if found else None

    def run(self, connection: Connection, name: str, /, **values: object) -> int:
        """Run statement `name`; how many rows it touched."""
        cursor = self._execute(connection, name, values)
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def rows_where(self, connection: Connection, name: str, condition: str, /, **values: object) -> list[Row]:
        """Like `rows`, with `{condition}` in the statement replaced: SQL text that comes from code only."""
        cursor = self._execute_where(connection, name, condition, values)
        columns = _columns(cursor)
        found = [_row(columns, row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def run_where(self, connection: Connection, name: str, condition: str, /, **values: object) -> int:
        """Like `run`, with `{condition}` in the statement replaced."""
        cursor = self._execute_where(connection, name, condition, values)
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def _execute_where(
        self, connection: Connection, name: str, condition: str, values: Mapping[str, object]
    ) -> Any:
        text, order = _numbered(self._texts[name].replace("{condition}", condition), dialect_of(connection))
        return execute(connection, text, [values[parameter] for parameter in order])

    def _execute(self, connection: Connection, name: str, values: Mapping[str, object]) -> Any:
        dialect = dialect_of(connection)
        text, order = self._prepared(name, dialect)
        return execute(connection, text, [values[parameter] for parameter in order])

    def _prepared(self, name: str, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
        key = (name, dialect)
        if key not in self._ready:
            self._ready[key] = _numbered(self._texts[name], dialect)
        return self._ready[key]


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def _numbered(text: str, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """The statement with the driver's marks, and the parameters' names in the order of the marks."""
    order: list[str] = []

    def mark(match: re.Match[str]) -> str:
        order.append(match.group(1))
        return "?" if dialect == "sqlite" else "%s"

    return _PARAMETER.sub(mark, _for_dialect(text, dialect)), tuple(order)


def _for_dialect(text: str, dialect: Dialect) -> str:
    """Keep lines marked `-- only: <dialect>` for that home alone."""
    kept = []
    for line in text.splitlines():
        _, marked, only = line.partition("-- only: ")
        if not marked or only.strip() == dialect:
            kept.append(line)
    source = "\n".join(kept)
    return source.replace("%", "%%") if dialect == "postgresql" else source


def execute(connection: Connection, text: str, values: Sequence[object]) -> Any:
    """Run one statement with positional `values`; the driver's cursor, still open."""
    cursor = cast(Any, connection.connection.driver_connection).cursor()
    to_driver = _TO_SQLITE if dialect_of(connection) == "sqlite" else _TO_POSTGRESQL
    cursor.execute(text, [to_driver.get(type(value), _other)(value) for value in values])
    return cursor


def insert_rows(
    connection: Connection, table: str, rows: Sequence[Mapping[str, object]], *, suffix: str = ""
) -> int:
    """Insert `rows` (all with the same keys) by one statement; how many there were.

    `suffix` is SQL after the values, such as an ON CONFLICT clause. Table and keys come from code only.
    """
    if not rows:
        return 0
    names = list(rows[0])
    mark = "?" if dialect_of(connection) == "sqlite" else "%s"
    group = "(" + ", ".join([mark] * len(names)) + ")"
    into = f"{quoted(table)} ({', '.join(map(quoted, names))})"
    text = f"insert into {into} values {', '.join([group] * len(rows))} {suffix}"  # noqa: S608
    execute(connection, text, [row[name] for row in rows for name in names]).close()
    return len(rows)


def quoted(name: str) -> str:
    """A table's or a column's name in a statement: `full` is a word of PostgreSQL."""
    return f'"{name}"'


def delete_rows(connection: Connection, table: str, *, instance_id: str, wait_key: Sequence[str]) -> None:
    """Delete the rows of an instance's waits by one statement. The table's name comes from code only."""
    if not wait_key:
        return
    mark = "?" if dialect_of(connection) == "sqlite" else "%s"
    marks = ", ".join([mark] * len(wait_key))
    text = f"delete from {table} where instance_id = {mark} and wait_key in ({marks})"  # noqa: S608
    execute(connection, text, [instance_id, *wait_key]).close()


def _columns(cursor: Any) -> "Columns":
    """The columns of a result: each name with what makes of the driver's value the one that is meant."""
    names = [column[0] for column in cursor.description or ()]
    return [(name, _FROM_DRIVER.get(name[-3:]) or _FROM_DRIVER.get(name[-5:])) for name in names]


def _row(columns: "Columns", values: Sequence[Any]) -> Row:
    return {
        name: value if convert is None or value is None else convert(value)
        for (name, convert), value in zip(columns, values, strict=True)
    }


def _instant(value: Any) -> datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else instant_of(value)


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: str) -> str:
    if not value.isprintable():  # what can be printed can be kept; it is asked much faster
        check_text(value)
    return value


def _other(value: object) -> object:
    """A value of a kind of one of the plain types: a text, a list of its own."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, dict | list):
        return json_text(value)
    check_text(value)
    return value


Convert = Callable[[Any], Any]
Columns = list[tuple[str, Convert | None]]
_FROM_DRIVER: Mapping[str, Convert] = {"_at": _instant, "_on": _day, "_json": _json}
_PLAIN: Mapping[type, Convert] = {
    **dict.fromkeys((type(None), int, float, bool, bytes), _as_it_is),
    **dict.fromkeys((dict, list), json_text),
    str: _text,
}
_TO_SQLITE: Mapping[type, Convert] = {
    **_PLAIN,
    datetime: instant_text,
    date: date.isoformat,
    Decimal: str,
}
_TO_POSTGRESQL: Mapping[type, Convert] = {**_PLAIN, **dict.fromkeys((datetime, date, Decimal), _as_it_is)}
