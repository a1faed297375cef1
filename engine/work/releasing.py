"""Giving back what somebody claimed and may no longer work on: the post was lost, or the account closed."""

from datetime import date, datetime

from sqlalchemy import Connection

from engine.store import Row
from engine.work.items import QUERIES, Doing, event_row, write_events

SYSTEM = "系统"
_ANYBODY = "1 = 1"
_ONE_PERSON = "w.assignee_id = :user_id"
_BATCH = 500


def release(connection: Connection, *, user_id: str, at: datetime, today: date) -> int:
    """Give back the person's claimed items of posts that the person does not hold today; how many."""
    rows = QUERIES.rows_where(
        connection, "left_behind", _ONE_PERSON, user_id=user_id, day=today, row_limit=_BATCH
    )
    return _give_back(connection, rows, at=at)


def release_all(connection: Connection, *, at: datetime, today: date) -> int:
    """The same for everybody: a post may also end by its date, when nobody does anything. How many."""
    return _give_back(connection, _left_behind(connection, today, row_limit=_BATCH), at=at)


def any_left_behind(connection: Connection, *, today: date) -> bool:
    """Whether `release_all` would find anything."""
    return bool(_left_behind(connection, today, row_limit=1))


def _left_behind(connection: Connection, today: date, *, row_limit: int) -> list[Row]:
    return QUERIES.rows_where(connection, "left_behind", _ANYBODY, day=today, row_limit=row_limit)


def _give_back(connection: Connection, rows: list[Row], *, at: datetime) -> int:
    """An item that somebody moved since it was read is left alone; the next look finds it again."""
    free = [row for row in rows if _unassign(connection, row)]
    if free:
        doing = Doing("unclaim", person_name=SYSTEM)
        write_events(connection, [event_row(row, doing, at=at) for row in free])
    return len(free)


def _unassign(connection: Connection, row: Row) -> bool:
    touched = QUERIES.run(
        connection, "assign", id=row["id"], lock_version=row["lock_version"], assignee_id=None
    )
    return touched == 1
