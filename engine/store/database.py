"""One database, two homes: SQLite in a file (the default) or PostgreSQL.

A transaction is `write()` or `read()`. On SQLite a writer takes its lock at once (BEGIN IMMEDIATE),
because reading first and writing later fails under load; readers never wait.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, cast

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.store.connections import Connections
from engine.store.pipelining import begin_line, end_line, wait_for_answers
from engine.store.texts import check_texts, json_text

Dialect = Literal["sqlite", "postgresql"]
BUSY_SECONDS = 10
"""How long a SQLite writer waits for another before it gives up."""

CACHE_KIB = 16_384
"""Pages that each SQLite connection keeps, in KiB: a city's year fits, and what an act reads is at hand."""


MOST_PREPARED = 500
"""Statements that each SQLite connection keeps prepared: a city has more than the usual 128."""


WATCHFUL: Mapping[str, int] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A database machine that vanishes is noticed within seconds. `tcp_user_timeout` is in milliseconds."""


def dialect_of(connection: Connection) -> Dialect:
    """Which of the two homes `connection` speaks to."""
    return cast(Dialect, connection.dialect.name)


class Database:
    """Connections to one database, given by its URL.

    `sqlite:///city.db` or `postgresql+psycopg://user@host/name`. One that is thrown away afterwards need not
    be `durable`: SQLite then leaves it to the machine when a commit reaches the disk. `pooled`: a pool before
    PostgreSQL gives each transaction another of the server's connections.
    """

    def __init__(self, url: str, *, pool_size: int = 10, durable: bool = True, pooled: bool = False) -> None:
        self.url = make_url(url)
        name = self.url.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise ValueError(f"数据库只支持 sqlite 或 postgresql，不支持 {name}")
        self.dialect = cast(Dialect, name)
        self.engine = (
            _sqlite(url, durable, pool_size) if name == "sqlite" else _postgresql(url, pool_size, pooled)
        )
        self._connections = Connections(self.engine, 2 * pool_size)
        _check_what_is_bound(self.engine)

    def write(self, *, pipelined: bool = False) -> "Writing":
        """One transaction that may write: committed at the end, rolled back on any exception.

        `pipelined`: PostgreSQL gets statements without anybody waiting for each answer.
        """
        return Writing(self._connections, gathering=pipelined and self.dialect == "postgresql")

    def read(self, *, pipelined: bool = False) -> "Reading":
        """One transaction that only reads: everything in it sees the same state.

        `pipelined`: PostgreSQL gets what is asked without anybody waiting for each answer.
        """
        return Reading(self._connections, gathering=pipelined and self.dialect == "postgresql")

    def close(self) -> None:
        """Give back every connection; whoever goes on opens new ones."""
        self._connections.close()
        self.engine.dispose()


class _Transaction:
    """One transaction on a connection of its own, for `with`: as a generator it would cost an act more than
    several statements do.

    On SQLite the driver itself begins and ends it. SQLAlchemy hears of it when a statement of its own comes,
    and ends it then: to have it look after a transaction costs more than BEGIN and COMMIT do.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def _begun(self, statement: str, *, gathering: bool = False) -> Connection:
        connection = self._connections.take()
        try:
            self._sqlite = _sqlite_of(connection)
            if self._sqlite is not None:
                self._sqlite.execute(statement).close()
            else:
                if gathering:
                    begin_line(connection.connection.driver_connection)
                connection.begin()
        except BaseException:
            self._connections.give_back(connection)
            raise
        self._connection = connection
        return connection

    def _ended(
        self, kind: type[BaseException] | None, raised: BaseException | None, where: TracebackType | None
    ) -> None:
        transaction = self._connection.get_transaction()
        if transaction is not None:
            transaction.__exit__(kind, raised, where)
        elif self._sqlite is not None:
            _end_sqlite(self._sqlite, commit=raised is None)


class Writing(_Transaction):
    """A transaction that is committed at the end; `gathering` as `Database.write` has it."""

    def __init__(self, connections: Connections, *, gathering: bool) -> None:
        super().__init__(connections)
        self._gathering = gathering

    def __enter__(self) -> Connection:
        return self._begun("BEGIN IMMEDIATE", gathering=self._gathering)

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if self._gathering:
                self._end_line(raised)
            self._ended(kind, raised, where)
        finally:
            self._connections.give_back(self._connection)

    def _end_line(self, raised: BaseException | None) -> None:
        try:
            end_line(self._connection.connection.driver_connection, commit=raised is None)
        except BaseException as failure:
            self._ended(type(failure), failure, failure.__traceback__)
            raise


class Reading(_Transaction):
    """A transaction that is taken back at the end, for nothing was written; `gathering` as `read` has it."""

    def __init__(self, connections: Connections, *, gathering: bool) -> None:
        super().__init__(connections)
        self._gathering = gathering

    def __enter__(self) -> Connection:
        return self._begun("BEGIN", gathering=self._gathering)

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if self._gathering:
                end_line(self._connection.connection.driver_connection, commit=False)
            transaction = self._connection.get_transaction()
            if transaction is not None:
                transaction.rollback()
            elif self._sqlite is not None:
                self._sqlite.rollback()
        finally:
            self._connections.give_back(self._connection)


def _sqlite_of(connection: Connection) -> sqlite3.Connection | None:
    """The driver's own connection, on SQLite; PostgreSQL's driver begins by itself."""
    if connection.dialect.name != "sqlite":
        return None
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _end_sqlite(driver: sqlite3.Connection, *, commit: bool) -> None:
    """Commit or roll back. A commit that fails is rolled back, and says so as SQLAlchemy's own would."""
    try:
        if commit:
            driver.commit()
            return
    except sqlite3.Error as failure:
        driver.rollback()
        raise DBAPIError.instance("COMMIT", None, failure, sqlite3.Error) from failure
    driver.rollback()


def _postgresql(url: str, pool_size: int, pooled: bool) -> Engine:
    # A statement that is prepared stays with the server's connection, which a pool gives to somebody else.
    arguments = {**WATCHFUL, "prepare_threshold": None} if pooled else dict(WATCHFUL)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2 * pool_size,
        connect_args=arguments,
        pool_pre_ping=True,
        json_serializer=json_text,
    )
    wait_for_answers(engine)
    return engine


def _sqlite(url: str, durable: bool, pool_size: int) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    arguments = {
        "timeout": BUSY_SECONDS,
        "check_same_thread": False,
        "cached_statements": MOST_PREPARED,
    }
    engine = create_engine(
        url,
        connect_args=arguments,
        pool_size=pool_size,
        max_overflow=2 * pool_size,
        json_serializer=json_text,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _set_up_durable if durable else _set_up_passing)
    return engine


def _check_what_is_bound(engine: Engine) -> None:
    """What SQLAlchemy binds is checked as named SQL checks its own; not by an event, which costs more."""
    dialect = engine.dialect
    run, run_many = dialect.do_execute, dialect.do_executemany

    def do_execute(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        check_texts(parameters.values() if isinstance(parameters, Mapping) else parameters or ())
        run(cursor, statement, parameters, context)

    def do_executemany(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        for row in parameters:
            check_texts(row.values() if isinstance(row, Mapping) else row)
        run_many(cursor, statement, parameters, context)

    dialect.do_execute = do_execute  # type: ignore[method-assign]
    dialect.do_executemany = do_executemany  # type: ignore[method-assign]


def _set_up_durable(connection: Any, _entry: ConnectionPoolEntry) -> None:
    _set_up_sqlite(connection, "FULL")


def _set_up_passing(connection: Any, _entry: ConnectionPoolEntry) -> None:
    _set_up_sqlite(connection, "OFF")


def _set_up_sqlite(connection: Any, synchronous: str) -> None:
    raw: sqlite3.Connection = connection
    raw.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"cache_size=-{CACHE_KIB}",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        raw.execute(f"PRAGMA {pragma}").close()
