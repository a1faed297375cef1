"""Named SQL on the driver's own connection, inside SQLAlchemy's transaction.

The engine's step runs a dozen statements; building them anew each time would cost more than running
them. They stand in `.sql` files, each under a line `-- name: what_it_does`, with `:parameters`.

Values travel by convention: on SQLite, columns that end in `_at` come back as instants and those in
`_on` as dates; on both, those in `_json` as decoded JSON.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.store.database import Dialect, dialect_of
from engine.store.pipelining import sent, settle
from engine.store.reading import Columns, Convert, Row, columns_of, named
from engine.store.texts import UnstorableText, check_text, json_text
from engine.store.types import instant_text

_Ready = tuple[str, Callable[[Mapping[str, object]], Sequence[object]]]
"""A statement with the driver's marks, and what puts its values in the order of the marks."""
_NAME = re.compile(r"^--\s*name:\s*(\w+)\s*$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class Queries:
    """The statements of one `.sql` file."""

    def __init__(self, path: Path) -> None:
        parts = _NAME.split(path.read_text("utf-8"))
        pairs = zip(parts[1::2], parts[2::2], strict=True)
        self._texts = {name: _without_comments(text).strip().rstrip(";") for name, text in pairs}
        self._ready: dict[str, dict[str, _Ready]] = {"sqlite": {}, "postgresql": {}}
        self._columns: dict[str, Columns] = {}

    def rows(self, connection: Connection, name: str, /, **values: object) -> list[Row]:
        """All rows of statement `name`."""
        return self._rows(name, self._execute(connection, name, values))

    def row(self, connection: Connection, name: str, /, **values: object) -> Row | None:
        """The first row of statement `name`, or None."""
        found = self.rows(connection, name, **values)
        return found[0] if found else None

    def ask(self, connection: Connection, name: str, /, **values: object) -> "Asked":
        """Run statement `name` now, read its rows later: nobody waits for the answer in between."""
        asked = Asked(self, name, self._execute(connection, name, values))
        if connection.dialect.name == "sqlite":  # whose cursor would run on only when it is read
            asked.rows()
        return asked

    def run(self, connection: Connection, name: str, /, **values: object) -> int:
        """Run statement `name`; how many rows it touched."""
        cursor = self._execute(connection, name, values)
        settle(cursor.connection)
        return int(cursor.rowcount)

    def expect(self, connection: Connection, name: str, otherwise: Exception, /, **values: object) -> None:
        """Run statement `name`, which reads a word as a number where things are not as expected: what is
        sent after it is not done then, and `otherwise` is raised when an answer is heard.

        Only where statements gather (`engine.store.pipelining.gathers`).
        """
        self._execute(connection, name, values).otherwise = otherwise

    def send(self, connection: Connection, name: str, /, **values: object) -> None:
        """Run statement `name`, whatever rows it touches."""
        self._execute(connection, name, values)

    def _rows(self, name: str, cursor: Any) -> list[Row]:
        rows = cursor.fetchall()
        columns = self._columns.get(name)
        if columns is None:
            columns = self._columns[name] = columns_of(cursor)
        return named(columns, rows)

    def rows_where(self, connection: Connection, name: str, condition: str, /, **values: object) -> list[Row]:
        """Like `rows`, with `{condition}` in the statement replaced: SQL text that comes from code only."""
        cursor = self._execute_where(connection, name, condition, values)
        rows = cursor.fetchall()
        return named(columns_of(cursor), rows)

    def run_where(self, connection: Connection, name: str, condition: str, /, **values: object) -> int:
        """Like `run`, with `{condition}` in the statement replaced."""
        cursor = self._execute_where(connection, name, condition, values)
        settle(cursor.connection)
        return int(cursor.rowcount)

    def _execute_where(
        self, connection: Connection, name: str, condition: str, values: Mapping[str, object]
    ) -> Any:
        text, order = _numbered(self._texts[name].replace("{condition}", condition), dialect_of(connection))
        return execute(connection, text, [values[parameter] for parameter in order])

    def _execute(self, connection: Connection, name: str, values: Mapping[str, object]) -> Any:
        dialect = connection.dialect.name
        ready = self._ready[dialect].get(name)
        if ready is None:
            text, order = self._prepared(name, dialect_of(connection))
            ready = self._ready[dialect][name] = text, _in_order(order)
        return execute(connection, ready[0], ready[1](values))

    def _prepared(self, name: str, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
        return _numbered(self._texts[name], dialect)


class Asked:
    """A statement that was run; its rows are read when they are asked for first."""

    __slots__ = ("_cursor", "_found", "_name", "_queries")

    def __init__(self, queries: Queries, name: str, cursor: Any) -> None:
        self._queries = queries
        self._name = name
        self._cursor = cursor
        self._found: list[Row] | None = None

    def rows(self) -> list[Row]:
        """All its rows."""
        if self._found is None:
            self._found = self._queries._rows(self._name, self._cursor)
        return self._found

    def row(self) -> Row | None:
        """Its first row, or None."""
        found = self.rows()
        return found[0] if found else None


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, object]], Sequence[object]]:
    """What takes the values of `names` out of a mapping, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    name = names[0] if names else None
    return (lambda values: ()) if name is None else (lambda values: (values[name],))


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
    """Run one statement with positional `values`; the driver's cursor, still open.

    In a pipelined transaction nobody has waited for its answer yet (`engine.store.pipelining`).
    """
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        return _sent_or_done(driver, text, values)
    for value in values:
        if isinstance(value, str) and "\0" in value:
            raise UnstorableText
    try:  # the driver asks for each kind of value that is not its own how to write it (see below)
        return driver.execute(text, values)
    except UnicodeEncodeError:
        raise UnstorableText from None
    except sqlite3.ProgrammingError:  # a kind of one of the plain types: an instant, a list of its own
        return driver.execute(text, [_other(value) for value in values])


def _sent_or_done(driver: Any, text: str, values: Sequence[object]) -> Any:
    on_its_way = sent(driver, text, values)
    if on_its_way is not None:
        return on_its_way
    return driver.cursor().execute(text, [_TO_POSTGRESQL.get(type(value), _other)(value) for value in values])


def insert_rows(
    connection: Connection, table: str, rows: Sequence[Mapping[str, object]], *, suffix: str = ""
) -> int:
    """Insert `rows` (all with the same keys) by one statement; how many there were.

    `suffix` is SQL after the values, such as an ON CONFLICT clause. Table and keys come from code only.
    """
    if not rows:
        return 0
    dialect = connection.dialect.name
    if len(rows) == 1:
        row = rows[0] if dialect != "sqlite" else _without_nulls(rows[0])
        execute(connection, _insertion(table, tuple(row), 1, suffix, dialect), list(row.values()))
        return 1
    names = tuple(rows[0])
    text = _insertion(table, names, len(rows), suffix, dialect)
    execute(connection, text, [row[name] for row in rows for name in names])
    return len(rows)


def _without_nulls(row: Mapping[str, object]) -> Mapping[str, object]:
    """What is not said is null: no column that may be null has a default. SQLite's driver takes longer over a
    null than over any other value."""
    return {name: value for name, value in row.items() if value is not None}


@lru_cache(maxsize=1000)
def _insertion(table: str, names: tuple[str, ...], count: int, suffix: str, dialect: str) -> str:
    group = "(" + ", ".join(["?" if dialect == "sqlite" else "%s"] * len(names)) + ")"
    into = f"{quoted(table)} ({', '.join(map(quoted, names))})"
    return f"insert into {into} values {', '.join([group] * count)} {suffix}"  # noqa: S608


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
    execute(connection, text, [instance_id, *wait_key])


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


_PLAIN: Mapping[type, Convert] = {
    **dict.fromkeys((type(None), int, float, bool, bytes), _as_it_is),
    **dict.fromkeys((dict, list), json_text),
    str: _text,
}
_TO_POSTGRESQL: Mapping[type, Convert] = {**_PLAIN, **dict.fromkeys((datetime, date, Decimal), _as_it_is)}

_WRITTEN_TO_SQLITE: Mapping[type, Callable[[Any], str | int]] = {
    datetime: instant_text,
    date: date.isoformat,
    Decimal: str,
    bool: int,
    dict: json_text,
    list: json_text,
}
for _kind, _write in _WRITTEN_TO_SQLITE.items():
    sqlite3.register_adapter(_kind, _write)
