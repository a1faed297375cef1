"""Doing something to see what comes of it, and undoing all of it: a preview can never differ from the act."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from engine.store import Database

T = TypeVar("T")


class _Undone(Exception):
    """Takes the transaction back; nothing is wrong."""


def rehearsed(database: Database, look: Callable[[Connection], T]) -> T:
    """What `look` gives, in a transaction that is rolled back. Raises what `look` raises."""
    found: list[T] = []
    try:
        with database.write() as connection:
            found.append(look(connection))
            raise _Undone
    except _Undone:
        return found[0]
