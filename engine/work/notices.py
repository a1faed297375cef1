"""Notices: what a person or the holders of a post should know. `kind` and `params` make the sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.ids import new_id
from engine.people.persons import Person
from engine.people.visible import ConcernColumns, Condition, ThingColumns, visible
from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("notices.sql"))


@dataclass(frozen=True)
class Notice:
    """To one person (`user_id`), or to whoever holds a post at a unit."""

    cycle_id: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    user_id: str | None = None
    unit_id: str | None = None
    post_key: str | None = None
    instance_id: str | None = None
    item_id: str | None = None


def notify(connection: Connection, notices: Sequence[Notice], *, at: datetime) -> None:
    """Write `notices` in this transaction."""
    rows: list[Row] = [
        {
            "id": new_id(),
            "cycle_id": notice.cycle_id,
            "user_id": notice.user_id,
            "unit_id": notice.unit_id,
            "post_key": notice.post_key,
            "kind": notice.kind,
            "params_json": dict(notice.params),
            "instance_id": notice.instance_id,
            "item_id": notice.item_id,
            "created_at": at,
        }
        for notice in notices
    ]
    insert_rows(connection, "notification", rows)


def notices_of(connection: Connection, person: Person, *, before: str = "", limit: int = 50) -> list[Row]:
    """The newest notices to a person or to a post the person holds: id, kind, params_json, read_at …

    With `before` (a notice's id) those older than it.
    """
    mine = _mine(person)
    return QUERIES.rows_where(
        connection, "notices_of", mine.text, row_limit=limit, before_id=before, **mine.values
    )


def unread(connection: Connection, person: Person) -> int:
    """How many notices the person has not read yet."""
    mine = _mine(person)
    return int(QUERIES.rows_where(connection, "unread", mine.text, **mine.values)[0]["how_many"])


def mark_read(connection: Connection, person: Person, *, at: datetime) -> int:
    """Mark all of the person's notices read; how many there were."""
    mine = _mine(person)
    return QUERIES.run_where(connection, "mark_read", mine.text, at=at, **mine.values)


def _mine(person: Person) -> Condition:
    """Given to the person, or to a post that the person holds.

    A notice asks for something to be done, so it reaches those who may act on such a thing (`act_item`).
    Whoever reads the audit changes nothing and is therefore shown none, as no work is either. `see_item`
    would be wrong: with it the office would read every unit's notices.
    """
    person = replace(person, stands_in=())  # a stand-in reads what is said to them, and marks nothing read
    concern = ConcernColumns(holder="n.user_id", unit="n.unit_id", post_key="n.post_key")
    return visible(person, "act_item", ThingColumns(cycle="n.cycle_id", concerns=(concern,)))
