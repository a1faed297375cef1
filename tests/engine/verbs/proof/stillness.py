"""Whether anything at all was written between two moments: a refusal and a preview write nothing."""

import sqlite3
from functools import cache

from sqlmodel import SQLModel

from engine.store import Database


class Stillness:
    """Tells two moments of a database apart. SQLite says itself whether anybody has committed anything since
    a connection looked last; PostgreSQL is asked for a sum over every row of every table."""

    def __init__(self, database: Database) -> None:
        self.database = database
        file = str(database.url.database)
        self._onlooker = sqlite3.connect(file) if database.dialect == "sqlite" else None

    def now(self) -> object:
        """The same as before exactly when nothing was written since."""
        if self._onlooker is not None:
            return self._onlooker.execute("pragma data_version").fetchone()[0]
        with self.database.read() as connection:
            return tuple(connection.exec_driver_sql(_sums()).one())

    def close(self) -> None:
        if self._onlooker is not None:
            self._onlooker.close()


@cache
def _sums() -> str:
    one = '(select sum(hashtextextended(t::text, 0)) from "{table}" t)'
    return f"select {', '.join(one.format(table=name) for name in sorted(SQLModel.metadata.tables))}"
