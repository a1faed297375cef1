"""Databases without any table, as a new installation finds them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.ids import new_id
from tests.databases import administer, postgresql_url


@contextmanager
def bare_database(home: str, folder: Path) -> Iterator[str]:
    """The URL of a database that holds nothing yet; on SQLite even its folder is missing."""
    if home == "sqlite":
        yield f"sqlite:///{folder / 'new' / 'city.db'}"
        return
    name = f"bare_{new_id()}"
    administer(f'create database "{name}"')
    try:
        yield postgresql_url(name)
    finally:
        administer(f'drop database "{name}" with (force)')
