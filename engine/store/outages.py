"""What went wrong with the database itself: no fault of what was asked, and nothing of it has happened.

Errors come from the drivers as they are, or wrapped by SQLAlchemy; both are asked here.
"""

import sqlite3
from typing import Literal

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

Outage = Literal["full", "away"]
"""There is no room left; or the database cannot be asked now: down, restarting, cut off, or too busy."""

_FULL = (errors.DiskFull,)
_LOST_RACES = (errors.SerializationFailure, errors.DeadlockDetected)
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL,
    }
)  # fmt: skip


def outage_of(error: BaseException) -> Outage | None:
    """Which outage an error tells of; None for any other error, and for a lost race of two transactions."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, PoolTimeout):
        return "away"
    if isinstance(cause, sqlite3.OperationalError):
        return _of_sqlite(cause)
    if isinstance(cause, _FULL):
        return "full"
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return None if isinstance(cause, _LOST_RACES) else "away"
    return None


def _of_sqlite(error: sqlite3.OperationalError) -> Outage | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # extended codes say more in their upper bits
    if code == sqlite3.SQLITE_FULL:
        return "full"
    return "away" if code in _SQLITE_AWAY else None
