"""抄送 and 关注: who reads an instance without having work in it. Neither ever holds anything up.

A copy lets its receiver read the instance for good, once an instance a person; whoever follows an instance
may see it anyway and is told of its progress.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("copies.sql"))


def copies_of(connection: Connection, instance_id: str) -> list[Row]:
    """To whom an instance was copied: person_id, name, from_name, copied_at, read_at; in that order."""
    return QUERIES.rows(connection, "copies_of", instance_id=instance_id)


def copy_of(connection: Connection, *, instance_id: str, person_id: str) -> Row | None:
    """What of an instance was copied to one person: from_name, copied_at, read_at; None when nothing was."""
    return QUERIES.row(connection, "copy_of", instance_id=instance_id, person_id=person_id)


def write_copies(connection: Connection, rows: Sequence[Row]) -> None:
    """Store copies; one instance goes to one person once, whoever else sends it too."""
    insert_rows(connection, "copy", rows, suffix="on conflict (instance_id, person_id) do nothing")


def read_copy(connection: Connection, *, instance_id: str, person_id: str, at: datetime) -> bool:
    """已阅: the person has opened what was copied to them; False when there was nothing unread."""
    found = QUERIES.run(connection, "read_copy", instance_id=instance_id, person_id=person_id, at=at)
    return found == 1


def follow(connection: Connection, row: Row) -> None:
    """Follow an instance (columns of `follow`); following it twice changes nothing."""
    insert_rows(connection, "follow", [row], suffix="on conflict (instance_id, person_id) do nothing")


def unfollow(connection: Connection, *, instance_id: str, person_id: str) -> bool:
    """取消关注; False when it was not followed."""
    return QUERIES.run(connection, "unfollow", instance_id=instance_id, person_id=person_id) == 1


def follows(connection: Connection, *, instance_id: str, person_id: str) -> bool:
    """Does the person follow the instance?"""
    return QUERIES.row(connection, "follows", instance_id=instance_id, person_id=person_id) is not None


def followers(connection: Connection, instance_id: str) -> list[str]:
    """The people who follow an instance."""
    rows = QUERIES.rows(connection, "followers", instance_id=instance_id)
    return [row["person_id"] for row in rows]


def has_task(connection: Connection, *, instance_id: str, person_id: str) -> bool:
    """Whether an open task of an instance is the person's own."""
    return QUERIES.row(connection, "has_task", instance_id=instance_id, person_id=person_id) is not None
