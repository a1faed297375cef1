"""待办 and 待认领: a person's open work, what is urgent or urged first, then by deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.rights import Concern, Thing, stood_in_for
from engine.store import Queries, Row
from engine.store.database import dialect_of
from engine.work.inbox.branches import Tab, branches_of, turned
from engine.work.inbox.page import BadCursor, Page, Place, cursor_key, cursor_text, page_of
from engine.work.inbox.unit_names import with_units
from engine.work.inbox.wanted import SORTS, Wanted
from engine.work.items import URGENT

QUERIES = Queries(Path(__file__).with_name("lists.sql"))
ALL = Wanted()
MOST_COUNTED = 1_000
"""Lists are counted up to here; who has more than that wants to know no more."""


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
    subject_unit_id: str | None
    subject_name: str
    matter: str
    round: int
    from_name: str
    returned_from: str | None
    due_at: datetime | None
    due_on: date | None
    priority: int
    opened_at: datetime | None
    urged_at: datetime | None
    claim_first: bool
    assignee_id: str | None
    created_at: datetime
    received_at: datetime
    """When it came to who has it now. The newest first go by `created_at` all the same: by an index."""
    lock_version: int
    purpose: str = ""
    waits_for: str = ""
    standing_for: str = ""
    """The name of whom the reader stands in for with this item (代理); "" for one's own."""
    standing_since: date | None = None
    """Since which day the reader stands in."""

    @property
    def urgent(self) -> bool:
        """Whether the diagram gave it a high priority."""
        return self.priority >= URGENT


def mine(
    connection: Connection,
    person: Person,
    wanted: Wanted = ALL,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[InboxRow]:
    """待办: items assigned to the person, and items of the person's posts that need no claim."""
    return _list(connection, person, "mine", wanted, Place(after, before), limit)


def claimable(
    connection: Connection,
    person: Person,
    wanted: Wanted = ALL,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[InboxRow]:
    """待认领: items of the person's posts that somebody must take first."""
    return _list(connection, person, "claimable", wanted, Place(after, before), limit)


def with_ids(
    connection: Connection, person: Person, ids: Sequence[str], *, tab: Tab = "mine"
) -> list[InboxRow]:
    """Those of the items in `ids` (a hundred at most) that are in the person's list, in that order."""
    if not ids:
        return []
    branches = branches_of(person, tab, dialect_of(connection))
    wanted = {f"id_{number}": one for number, one in enumerate(dict.fromkeys(ids))}
    only = f"w.id in ({', '.join(f':{name}' for name in wanted)})"
    parts = branches.conditions([only])
    if not parts:
        return []
    source = f"work_item w where {' or '.join(f'({part})' for part in parts)}"
    rows = QUERIES.rows_where(connection, "open_items", source, **branches.values, **wanted)
    found = {row["item_id"]: _row(row, person) for row in rows}
    return [found[one] for one in wanted.values() if one in found]


def counts(connection: Connection, person: Person) -> dict[str, int]:
    """How many items each list of open work holds, and how many copies are unread; MOST_COUNTED at most."""
    parts: list[str] = []
    values: dict[str, object] = {}
    for tab in ("mine", "claimable"):
        query, given = branches_of(person, tab, dialect_of(connection)).any(ALL, limit=MOST_COUNTED)
        parts.append(f"(select count(*) from (select k.id from ({query}) k limit {MOST_COUNTED}) n) as {tab}")  # noqa: S608
        values |= given
    told = {"me": person.id, "most": MOST_COUNTED}
    row = QUERIES.rows_where(connection, "counts", ", ".join(parts), **values, **told)[0]
    return {name: int(number) for name, number in row.items()}


def _list(
    connection: Connection, person: Person, tab: Tab, wanted: Wanted, place: Place, limit: int
) -> Page[InboxRow]:
    key = None
    sort = SORTS.get(wanted.sort)
    if sort is None:
        raise BadCursor(wanted.sort)
    if place.cursor:
        key = cursor_key(wanted.sort, place.cursor, sort.kinds)
    found, values = branches_of(person, tab, dialect_of(connection)).ordered(
        with_units(connection, wanted), key=key, backward=place.backward, limit=limit + 1
    )
    order = turned("k", sort, down=sort.down != place.backward)
    source = f"({found}) k join work_item w on w.id = k.id order by {order}"
    rows = QUERIES.rows_where(connection, "open_items", source, **values)
    page = page_of(rows, place, limit=limit, cursor=lambda row: _cursor(wanted.sort, row))
    return Page([_row(row, person) for row in page.items], page.next, page.previous)


def _cursor(sort: str, row: Row) -> str:
    columns = [column.removeprefix("w.") for column in SORTS[sort].columns]
    return cursor_text(sort, (*(row[column] for column in columns), row["item_id"]))


def _row(row: Row, person: Person) -> InboxRow:
    given = {
        name: value for name, value in row.items() if name not in ("unit_id", "post_key", "rank", "order_at")
    }
    concern = Concern(holder_id=row["assignee_id"], unit_id=row["unit_id"], post_key=row["post_key"])
    thing = Thing(cycle_id=row["cycle_id"], process_key=row["process_key"], concerns=(concern,))
    standing = stood_in_for(person, "act_item", thing)
    given["claim_first"] = bool(row["claim_first"])
    if standing is None:
        return InboxRow(**given)
    return InboxRow(**given, standing_for=standing.name, standing_since=standing.since)
