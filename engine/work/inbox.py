"""The inbox: what waits for a person, and what the person did or started.

Core rows from indexed tables, never engine state: a page costs the same number of statements whatever
waits in the system.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.rights import Concern, Thing, stood_in_for
from engine.people.visible import ConcernColumns, Condition, ThingColumns, visible
from engine.store import Queries, Row
from engine.store.types import instant_of, instant_text
from engine.work.searching import search_pattern

QUERIES = Queries(Path(__file__).with_name("inbox.sql"))
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
ITEM = ThingColumns(
    cycle="w.cycle_id",
    process="w.process_key",
    concerns=(ConcernColumns(holder="w.assignee_id", unit="w.unit_id", post_key="w.post_key"),),
)


_APART = "exists (select 1 from kept_apart k where k.item_id = w.id and k.person_id = :apart_from)"


class BadCursor(ValueError):
    """A page's cursor that this list never gave out."""


@dataclass(frozen=True)
class InboxRow:
    """One open item in a list."""

    item_id: str
    cycle_id: str
    year: int | None
    instance_id: str
    process_key: str
    element_id: str
    definition_version_id: str
    subject_name: str
    matter: str
    round: int
    from_name: str
    returned_from: str | None
    due_at: datetime | None
    due_on: date | None
    priority: int
    opened_at: datetime | None
    claim_first: bool
    assignee_id: str | None
    created_at: datetime
    lock_version: int
    standing_for: str = ""
    """The name of whom the reader stands in for with this item (代理); "" for one's own."""


RowType = TypeVar("RowType")


@dataclass(frozen=True)
class Page(Generic[RowType]):
    """Some rows of a list, and the cursor of the next page (None at the end)."""

    items: list[RowType]
    next: str | None


def mine(
    connection: Connection, person: Person, *, search: str = "", after: str | None = None, limit: int = 50
) -> Page[InboxRow]:
    """待办: items assigned to the person, and items of the person's posts that need no claim."""
    return _open(connection, person, _condition(person, claim=False), search=search, after=after, limit=limit)


def claimable(
    connection: Connection, person: Person, *, search: str = "", after: str | None = None, limit: int = 50
) -> Page[InboxRow]:
    """待认领: items of the person's posts that somebody must take first."""
    return _open(connection, person, _condition(person, claim=True), search=search, after=after, limit=limit)


def done(
    connection: Connection, person: Person, *, search: str = "", after: str | None = None, limit: int = 50
) -> Page[Row]:
    """已办: what the person completed, registered or returned, newest first."""
    pattern, before = search_pattern(search), after or ""
    rows = QUERIES.rows(
        connection,
        "done",
        me=person.id,
        before_id=before,
        before_id2=before,
        pattern=pattern,
        pattern2=pattern,
        pattern3=pattern,
        row_limit=limit + 1,
    )
    return Page(rows[:limit], rows[limit - 1]["event_id"] if len(rows) > limit else None)


def started(
    connection: Connection, person: Person, *, after: str | None = None, limit: int = 50
) -> Page[Row]:
    """我发起: instances that the person started, newest first."""
    before = after or ""
    rows = QUERIES.rows(
        connection, "started", me=person.id, before_id=before, before_id2=before, row_limit=limit + 1
    )
    return Page(rows[:limit], rows[limit - 1]["instance_id"] if len(rows) > limit else None)


def counts(connection: Connection, person: Person) -> dict[str, int]:
    """How many items each tab of open work holds."""
    found = {}
    for name, claim in (("mine", False), ("claimable", True)):
        condition = _condition(person, claim=claim)
        rows = QUERIES.rows_where(connection, "how_many", condition.text, **condition.values)
        found[name] = int(rows[0]["how_many"])
    return found


def _condition(person: Person, *, claim: bool) -> Condition:
    """The rule of `act_item`, split by whether the item must be claimed first; without what the person is
    kept apart from (双人复核, or signed already).
    """
    rule = visible(person, "act_item", ITEM)
    waiting = "(w.claim_first and w.assignee_id is null)"
    part = f"({rule.text} and {waiting if claim else f'not {waiting}'} and not {_APART})"
    return Condition(part, {**rule.values, "apart_from": person.id})


def _open(
    connection: Connection,
    person: Person,
    condition: Condition,
    *,
    search: str,
    after: str | None,
    limit: int,
) -> Page[InboxRow]:
    at, last = _read_cursor(after)
    pattern = search_pattern(search)
    rows = QUERIES.rows_where(
        connection,
        "open_items",
        condition.text,
        **condition.values,
        pattern=pattern,
        pattern2=pattern,
        after_at=at,
        after_at2=at,
        after_id=last,
        row_limit=limit + 1,
    )
    following = None
    if len(rows) > limit:
        last_row = rows[limit - 1]
        following = f"{instant_text(last_row['order_at'])}~{last_row['item_id']}"
    return Page([_row(row, person) for row in rows[:limit]], following)


def _row(row: Row, person: Person) -> InboxRow:
    desk = {name: row.pop(name) for name in ("unit_id", "post_key")}
    del row["order_at"]
    concern = Concern(holder_id=row["assignee_id"], **desk)
    thing = Thing(cycle_id=row["cycle_id"], process_key=row["process_key"], concerns=(concern,))
    standing = stood_in_for(person, "act_item", thing)
    row["claim_first"] = bool(row["claim_first"])
    return InboxRow(**row, standing_for=standing.name if standing else "")


def _read_cursor(after: str | None) -> tuple[datetime, str]:
    if not after:
        return BEGINNING, ""
    at, mark, last = after.partition("~")
    try:
        return instant_of(at), last if mark else ""
    except ValueError:
        raise BadCursor(after) from None
