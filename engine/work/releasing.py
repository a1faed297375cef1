"""Giving back what somebody claimed and may no longer work on: the post was lost, or the account closed."""

from datetime import date, datetime

from sqlalchemy import Connection

from engine.work.rerouting import settle


def release(connection: Connection, *, user_id: str, at: datetime, today: date) -> int:
    """Bring open work in line after a change of this person's posts or account; how many items changed."""
    return settle(connection, at=at, today=today)
