"""One database, two homes: SQLite in a file (the default) or PostgreSQL.

A transaction is `write()` or `read()`. On SQLite a writer takes its lock at once (BEGIN IMMEDIATE),
because reading first and writing later fails under load; readers never wait.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from engine.store.texts import check_texts, json_text

Dialect = Literal["sqlite", "postgresql"]
BUSY_SECONDS = 10
"""How long a SQLite writer waits for another before it gives up."""


def dialect_of(connection: Connection) -> Dialect:
    """Which of the two homes `connection` speaks to."""
    return cast(Dialect, connection.dialect.name)


class Database:
    """Connections to one database, given by its URL.

    `sqlite:///city.db` or `postgresql+psycopg://user@host/name`.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        name = self.url.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise ValueError(f"数据库只支持 sqlite 或 postgresql，不支持 {name}")
        self.dialect = cast(Dialect, name)
        self.engine = _sqlite(url) if name == "sqlite" else _postgresql(url, pool_size)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write: committed at the end, rolled back on any exception."""
        writing = self.engine.connect().execution_options(bihuan_write=True)
        with writing as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads: everything in it sees the same state."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _postgresql(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, json_serializer=json_text
    )
    event.listen(engine, "before_cursor_execute", _check_parameters)
    return engine


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, json_serializer=json_text)
    event.listen(engine, "before_cursor_execute", _check_parameters)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_parameters(
    _connection: Connection, _cursor: Any, _statement: str, parameters: Any, _context: Any, many: bool
) -> None:
    """What is bound by SQLAlchemy is checked as named SQL checks its own."""
    for row in parameters if many else [parameters]:
        check_texts(row.values() if isinstance(row, Mapping) else row or ())


def _set_up_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    raw: sqlite3.Connection = connection
    raw.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """On the driver itself: a step begins often, and SQLAlchemy's own way costs more than the statement."""
    writes = connection.get_execution_options().get("bihuan_write", False)
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN").close()
