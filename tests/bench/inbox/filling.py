"""Writing the rows: COPY on PostgreSQL, many rows a statement on SQLite; indexes are built afterwards."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection

from engine.store import Database
from tests.bench.inbox.rows import Fields, Table, Work
from tests.bench.inbox.town import Size, Town, build_town

INDEXES = """
select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = 'work_event'
"""


def fill(database: Database, size: Size) -> Town:
    """Lay the town and its work into an empty, migrated database."""
    town = build_town(database, size)
    for table in Work(town).tables():
        begun = time.perf_counter()
        with database.write() as connection:
            count = _written(connection, table)
        print(f"{table.name}: {count:,} rows in {time.perf_counter() - begun:.0f} s", flush=True)
    settle(database)
    return town


def _written(connection: Connection, table: Table) -> int:
    raw = cast(Any, connection.connection.driver_connection)
    if connection.dialect.name == "sqlite":
        return _inserted(raw, table)
    raw.execute("set local session_replication_role = replica")
    count, into = 0, f"copy {table.name} ({', '.join(table.columns)}) from stdin"
    with _without_indexes(raw, table), raw.cursor() as cursor, cursor.copy(into) as copy:
        for lines in _batches(map(_line, table.rows), 5_000):
            copy.write("".join(lines))
            count += len(lines)
    return count


def _inserted(raw: sqlite3.Connection, table: Table) -> int:
    marks = ", ".join("?" * len(table.columns))
    text = f"insert into {table.name} ({', '.join(table.columns)}) values ({marks})"
    rows = table.rows
    if table.bytes:
        place = table.columns.index(table.bytes)
        rows = (cast(Fields, (*row[:place], b"", *row[place + 1 :])) for row in rows)
    return raw.executemany(text, rows).rowcount


def _line(row: Fields) -> str:
    return "\t".join("\\N" if value is None else value for value in row) + "\n"


def _batches(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    lines = iter(lines)
    while batch := list(islice(lines, size)):
        yield batch


@contextmanager
def _without_indexes(raw: Any, table: Table) -> Iterator[None]:
    """Of the history, whose indexes are large: they are built faster than kept."""
    found = raw.execute(INDEXES).fetchall() if table.name == "work_event" else []
    found = [(name, text) for name, text in found if not name.endswith("_pkey")]
    for name, _ in found:
        raw.execute(f"drop index {name}")
    yield
    for _, text in found:
        raw.execute(text)


def settle(database: Database) -> None:
    """What the server does by itself after a while: statistics, and which pages need no second look."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze" if database.dialect == "postgresql" else "analyze")
