"""The open connections of one database: each serves one transaction at a time, then lies ready for the next.

SQLAlchemy's own way to take a connection and give it back costs an act more than all that it writes. Here a
connection stays taken from SQLAlchemy's pool; it goes back only when something is wrong or remembered with
it (`connection.info`), so that what waits for that moment is done.
"""

import select
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as NoneFree

PATIENCE_SECONDS = 30.0
"""How long a transaction waits for a connection when all are taken."""

TRUSTED_SECONDS = 10.0
"""A server's connection that has been quiet for longer is asked whether it still stands."""


class Connections:
    """At most `most` connections of `engine`, the one used last first."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._remote = engine.dialect.name != "sqlite"
        self._free: SimpleQueue[None] = SimpleQueue()
        """A place for each connection that may still be taken."""
        for _ in range(most):
            self._free.put(None)
        self._ready: list[tuple[Connection, float]] = []

    def take(self) -> Connection:
        """A connection for one transaction, which the caller begins, ends and then gives back.

        Raises sqlalchemy's `TimeoutError` when none comes free, and whatever connecting raises.
        """
        try:
            self._free.get(timeout=PATIENCE_SECONDS)
        except Empty:
            raise NoneFree("数据库连接已全部占用，请稍后再试。") from None
        try:
            return self._taken()
        except BaseException:
            self._free.put(None)
            raise

    def give_back(self, connection: Connection) -> None:
        """The transaction on a connection that was taken is over."""
        try:
            self._give(connection)
        finally:
            self._free.put(None)

    def close(self) -> None:
        """Give back those that lie ready; the next transaction opens a new one."""
        while self._ready:
            self._ready.pop()[0].close()

    def _taken(self) -> Connection:
        while self._ready:
            try:
                connection, since = self._ready.pop()
            except IndexError:  # another thread was faster
                break
            if not self._remote or self._stands(connection, since):
                return connection
            connection.invalidate()
            connection.close()
        return self._engine.connect()

    def _give(self, connection: Connection) -> None:
        if connection.closed:
            return
        if connection.invalidated or connection.in_transaction() or connection.info:
            connection.close()
        elif self._remote and _driver(connection).closed:
            connection.invalidate()
            connection.close()
        else:
            self._ready.append((connection, monotonic()))

    def _stands(self, connection: Connection, since: float) -> bool:
        """Whether a server's connection is still good. One that was cut has something to read: its end."""
        driver = _driver(connection)
        if driver.closed:
            return False
        quiet = select.poll()
        quiet.register(driver.pgconn.socket, select.POLLIN)
        if monotonic() - since < TRUSTED_SECONDS and not quiet.poll(0):
            return True
        try:
            return bool(self._engine.dialect.do_ping(driver))
        except self._engine.dialect.loaded_dbapi.Error:
            return False


def _driver(connection: Connection) -> Any:
    return cast(Any, connection.connection.driver_connection)
