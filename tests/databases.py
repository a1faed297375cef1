"""Fresh databases for tests: made once a worker as a template, copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from engine.ids import new_id
from engine.store import Database
from tests import postgres

HOMES = ("sqlite", "postgresql")


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
    """What a template holds besides its schema: a name, and what puts it there (given the URL)."""

    name: str
    put: Callable[[str], None]


EMPTY = Filling("empty", lambda _url: None)


class Templates:
    """One migrated template for each home and filling; a filling is laid once, then copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, str], str] = {}

    @contextmanager
    def copy(self, home: str, folder: Path, *, filling: Filling = EMPTY) -> Iterator[str]:
        """The URL of a fresh, migrated and filled database that is gone afterwards."""
        if home == "sqlite":
            yield self._copy_sqlite(folder, filling)
        else:
            url = self._copy_postgresql(filling)
            try:
                yield url
            finally:
                _administer(f'drop database "{make_url(url).database}" with (force)')

    def _copy_sqlite(self, folder: Path, filling: Filling) -> str:
        if ("sqlite", filling.name) not in self._made:
            template = self._folder / f"{filling.name}.db"
            create_schema(f"sqlite:///{template}")
            filling.put(f"sqlite:///{template}")
            self._made["sqlite", filling.name] = str(template)
        target = folder / "test.db"
        shutil.copyfile(self._made["sqlite", filling.name], target)
        return f"sqlite:///{target}"

    def _copy_postgresql(self, filling: Filling) -> str:
        if ("postgresql", filling.name) not in self._made:
            name = f"template_{new_id()}"
            _administer(f'create database "{name}"')
            create_schema(_database_url(name))
            filling.put(_database_url(name))
            self._made["postgresql", filling.name] = name
        copy = f"test_{new_id()}"
        _administer(f'create database "{copy}" template "{self._made["postgresql", filling.name]}"')
        return _database_url(copy)


def _database_url(name: str) -> str:
    return make_url(postgres.cluster_url()).set(database=name).render_as_string(hide_password=False)


def _administer(statement: str) -> None:
    engine = create_engine(postgres.cluster_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
