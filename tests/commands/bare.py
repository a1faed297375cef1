"""Databases without any table, as a new installation finds them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from engine.ids import new_id
from tests import postgres


@contextmanager
def bare_database(home: str, folder: Path) -> Iterator[str]:
    """The URL of a database that holds nothing yet; on SQLite even its folder is missing."""
    if home == "sqlite":
        yield f"sqlite:///{folder / 'new' / 'city.db'}"
        return
    name = f"bare_{new_id()}"
    _administer(f'create database "{name}"')
    try:
        yield make_url(postgres.cluster_url()).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(f'drop database "{name}" with (force)')


def _administer(statement: str) -> None:
    engine = create_engine(postgres.cluster_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
