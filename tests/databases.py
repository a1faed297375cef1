"""Fresh databases for tests: made once a run as a template, copied for each test."""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, select, text

from engine.ids import new_id
from engine.store import Database
from tests import postgres

HOMES = ("sqlite", "postgresql")
ON_SQLITE = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""For a test among others on both homes that asks the database nothing in which the two differ."""


def require(home: str) -> None:
    """Skip, with the reason, when `home` cannot run on this machine (`make test` with CI=true forbids it)."""
    if home == "postgresql" and (reason := postgres.missing()):
        pytest.skip(reason)


def create_schema(url: str) -> None:
    """Bring the database at `url` to the newest schema, as `bihuan migrate` does."""
    from processes.schema import migrate

    database = Database(url)
    migrate(database)
    database.close()


@dataclass(frozen=True)
class Filling:
    """What a template holds besides its schema: a name, and what puts it there (given the URL).

    `put` may have run in another worker. What a test must know of it (ids, names) is read from the copy,
    never from a variable that `put` has set. What `upon` holds is there already.
    """

    name: str
    put: Callable[[str], object]
    upon: "Filling | None" = None


EMPTY = Filling("empty", lambda _url: None)


@cache
def _as_files() -> str:
    """Twice as fast as writing every page into the log; nothing here must survive. Before 15 the only way."""
    with _administrator().connect() as connection:
        version = connection.dialect.server_version_info or (0,)
    return " strategy file_copy" if version >= (15,) else ""


class Templates:
    """One migrated template for each home and filling: laid once for all workers, copied for each test."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    @contextmanager
    def copy(self, home: str, folder: Path, *, filling: Filling = EMPTY) -> Iterator[str]:
        """The URL of a fresh, migrated and filled database that is gone afterwards."""
        folder.mkdir(parents=True, exist_ok=True)
        if home == "sqlite":
            target = folder / "test.db"
            shutil.copyfile(self._template(home, filling), target)
            yield f"sqlite:///{target}"
            return
        name = f"test_{new_id()}"
        administer(f'create database "{name}" template "{self._template(home, filling)}"{_as_files()}')
        try:
            yield postgresql_url(name)
        finally:
            administer(f'drop database "{name}" with (force)')

    def _template(self, home: str, filling: Filling) -> str:
        """The file or the name of the laid template; who comes first lays it, others wait."""
        note = self._folder / f"{home}-{filling.name}"
        with note.with_suffix(".lock").open("w") as laying:
            fcntl.flock(laying, fcntl.LOCK_EX)
            if not note.exists():
                note.write_text(self._lay(home, filling))
        return note.read_text()

    def _lay(self, home: str, filling: Filling) -> str:
        """Migrated once, filled once: on SQLite; PostgreSQL is given the same rows."""
        if home == "sqlite":
            return self._lay_sqlite(filling)
        name = f"template_{new_id()}"
        if filling == EMPTY:
            administer(f'create database "{name}"')
            create_schema(postgresql_url(name))
        else:
            administer(f'create database "{name}" template "{self._template(home, EMPTY)}"{_as_files()}')
            _give_rows(f"sqlite:///{self._template('sqlite', filling)}", postgresql_url(name))
        return name

    def _lay_sqlite(self, filling: Filling) -> str:
        file = self._folder / f"{new_id()}.db"
        if filling == EMPTY:
            create_schema(f"sqlite:///{file}")
        else:
            shutil.copyfile(self._template("sqlite", filling.upon or EMPTY), file)
            filling.put(f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        return str(file)


def _give_rows(source: str, target: str) -> None:
    """All rows of one database into another of the same schema, unseen by its triggers."""
    import processes.schema  # noqa: F401  (all tables)
    from engine.schema import metadata

    read, write = create_engine(source), create_engine(target)
    with read.connect() as rows, write.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        for table in metadata.sorted_tables:
            connection.execute(table.delete())
            found = rows.execute(select(table)).mappings().all()
            if found:
                connection.execute(table.insert(), [dict(row) for row in found])
    read.dispose()
    write.dispose()


def postgresql_url(name: str) -> str:
    """The URL of a database of this run's cluster."""
    return make_url(postgres.cluster_url()).set(database=name).render_as_string(hide_password=False)


def administer(statement: str) -> None:
    """Make or drop a database."""
    with _administrator().connect() as connection:
        connection.execute(text(statement))


@cache
def _administrator() -> Engine:
    """One connection, kept: to open one for each statement costs as much as to copy a small database."""
    return create_engine(postgres.cluster_url(), isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0)
