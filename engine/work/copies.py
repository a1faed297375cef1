"""抄送 and 关注: who reads an instance without having work in it. Neither ever holds anything up.

A copy lets its receiver read the instance for good, once an instance a person; whoever follows an instance
may see it anyway and is told of its progress.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.visible import visible
from engine.store import Queries, Row, insert_rows
from engine.work.history import INSTANCE, LAST
from engine.work.inbox import Page

QUERIES = Queries(Path(__file__).with_name("copies.sql"))


@dataclass(frozen=True)
class Copied:
    """One instance that was copied to a person, newest first in lists; unread while `read_at` is None."""

    event_id: str
    instance_id: str
    cycle_id: str
    year: int | None
    process_key: str
    definition_version_id: str
    subject_name: str
    matter: str
    status: str
    element_id: str
    item_id: str | None
    from_name: str
    text: str | None
    copied_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Followed:
    """One instance that a person follows, and the last that happened in it."""

    instance_id: str
    cycle_id: str
    year: int | None
    process_key: str
    definition_version_id: str
    subject_name: str
    matter: str
    status: str
    since_at: datetime
    ended_at: datetime | None


def copied_to(
    connection: Connection, person_id: str, *, unread: bool = False, after: str | None = None, limit: int = 50
) -> Page[Copied]:
    """抄送我: what was copied to a person, newest first; only the unread ones when `unread`."""
    name = "unread_copies" if unread else "copies_to"
    rows = QUERIES.rows(connection, name, person_id=person_id, before_id=after or LAST, row_limit=limit + 1)
    found = [Copied(**row) for row in rows[:limit]]
    return Page(found, found[-1].event_id if len(rows) > limit else None)


def unread_copies(connection: Connection, person_id: str) -> int:
    """How many copies a person has not read yet."""
    row = QUERIES.row(connection, "how_many_unread", person_id=person_id)
    return int(row["how_many"]) if row else 0


def following(
    connection: Connection, person: Person, *, after: str | None = None, limit: int = 50
) -> Page[Followed]:
    """关注: the instances that a person follows and may still see, the last followed first."""
    seen = visible(person, "see_instance", INSTANCE)
    rows = QUERIES.rows_where(
        connection,
        "followed_by",
        seen.text,
        **seen.values,
        person_id=person.id,
        before_id=after or LAST,
        row_limit=limit + 1,
    )
    last = rows[limit - 1]["follow_id"] if len(rows) > limit else None
    found = [Followed(**{name: value for name, value in row.items() if name != "follow_id"}) for row in rows]
    return Page(found[:limit], last)


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
