"""已办, 我发起, 抄送我 and 关注: what is past for the person, newest first.

Ids grow with time, so the newest is read from the end of the person's index. A search goes through so many of
the newest rows at a time and says when there is more: it costs the same for who has acted for years.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.visible import visible
from engine.store import Row
from engine.store.texts import json_text
from engine.work.history import INSTANCE
from engine.work.inbox.open_work import ALL, QUERIES
from engine.work.inbox.page import BadCursor, Page, Place, page_of
from engine.work.inbox.unit_names import with_units
from engine.work.inbox.wanted import Wanted

DEPTH = 400
"""How many of a person's newest rows one search goes through."""
_LONGEST_ID = 36


@dataclass(frozen=True)
class PastRow:
    """Something the person did, started, was sent or follows. `key` is its place in the list.

    `happened_at` is when: of the act, the start, the sending, or since when it is followed. Only copies are
    `unread`.
    """

    key: str
    instance_id: str
    cycle_id: str
    year: int | None
    process_key: str
    definition_version_id: str
    subject_name: str
    matter: str
    status: str
    happened_at: datetime
    item_id: str | None = None
    element_id: str = ""
    round: int = 0
    verb: str = ""
    outcome: str = ""
    on_behalf_of: str = ""
    from_name: str = ""
    text: str | None = None
    unread: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True)
class _List:
    """Where a list is read: the person's rows in order (`scan`, by `key`), what is joined, what is shown.

    `also` is a further column to find words in: an act may have a matter of its own.
    """

    key: str
    columns: str
    scanned: str
    scan: str
    joined: str
    also: str = ""

    def page(
        self,
        connection: Connection,
        person: Person,
        wanted: Wanted = ALL,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[PastRow]:
        """What the person wants of the list: a page after or before a row, the newest first."""
        return _read(connection, person, self, wanted, Place(after, before), limit)


_INSTANCE = (
    "i.id as instance_id, i.cycle_id, i.year, i.process_key, i.subject_name, i.matter, i.status, i.ended_at"
)
DONE = _List(
    key="id",
    scan="work_event s where s.person_id = :me "
    "and s.verb in ('complete', 'register_for', 'return_to', 'answer', 'hand_over')",
    scanned="id, instance_id, item_id, element_id, definition_version_id, subject_name, matter, round, verb, "
    "outcome, on_behalf_of, happened_at",
    columns="x.id as key, i.id as instance_id, i.cycle_id, i.year, i.process_key, x.definition_version_id, "
    "x.subject_name, x.matter, i.status, x.happened_at, x.item_id, x.element_id, x.round, x.verb, "
    "x.outcome, x.on_behalf_of",
    joined="join instance i on i.id = x.instance_id",
    also="x.matter",
)
STARTED = _List(
    key="id",
    scan="instance s where s.started_by = :me",
    scanned="id, started_at",
    columns=f"x.id as key, {_INSTANCE}, i.definition_version_id, x.started_at as happened_at",
    joined="join instance i on i.id = x.id",
)
COPIED = _List(
    key="event_id",
    scan="copy s where s.person_id = :me",
    scanned="event_id, instance_id, element_id, item_id, from_name, copied_at, read_at",
    columns=f"x.event_id as key, {_INSTANCE}, i.definition_version_id, x.copied_at as happened_at, "
    "x.item_id, x.element_id, x.from_name, t.content_text as text, (x.read_at is null) as unread",
    joined="join instance i on i.id = x.instance_id left join work_event e on e.id = x.event_id "
    "left join work_text t on t.id = e.text_id",
)
FOLLOWED = _List(
    key="id",
    scan="follow s where s.person_id = :me",
    scanned="id, instance_id, since_at",
    columns=f"x.id as key, {_INSTANCE}, i.definition_version_id, x.since_at as happened_at",
    joined="join instance i on i.id = x.instance_id",
)


done = DONE.page
"""已办: what the person completed, registered, returned, answered or handed over."""
started = STARTED.page
"""我发起: instances that the person started."""
copied = COPIED.page
"""抄送我: what was sent to the person to read; only what is unread when `wanted` says so."""
followed = FOLLOWED.page
"""关注: instances that the person follows and may still see."""


def steps_now(connection: Connection, rows: Sequence[PastRow]) -> dict[str, list[tuple[str, str]]]:
    """Where running instances wait for people: version and element of each step, by the instance's id."""
    ids = sorted({row.instance_id for row in rows if row.status == "running"})
    found: dict[str, list[tuple[str, str]]] = {}
    for row in QUERIES.rows(connection, "steps_now", ids=json_text(ids)) if ids else ():
        found.setdefault(row["instance_id"], []).append((row["definition_version_id"], row["element_id"]))
    return found


def scanned(which: _List, *, cursor: str | None, backward: bool, unread: bool, depth: int) -> str:
    """The person's rows beside a cursor, the nearest first, as a query."""
    beside = f" and s.{which.key} {'>' if backward else '<'} :beside" if cursor else ""
    only = " and s.read_at is null" if unread and which is COPIED else ""
    columns = ", ".join(f"s.{name.strip()}" for name in which.scanned.split(","))
    order = f"s.{which.key}{'' if backward else ' desc'}"
    return f"select {columns} from {which.scan}{only}{beside} order by {order} limit {depth:d}"  # noqa: S608


def _read(
    connection: Connection, person: Person, which: _List, wanted: Wanted, place: Place, limit: int
) -> Page[PastRow]:
    cursor = place.cursor
    if cursor and len(cursor) > _LONGEST_ID:
        raise BadCursor(cursor)
    parts, values = with_units(connection, wanted).of_past(which.also)
    columns = which.columns
    if which is FOLLOWED:  # asked of the page's rows only
        seen = visible(person, "see_instance", INSTANCE)
        columns, values = f"{columns}, case when {seen.text} then 1 else 0 end as seen", values | seen.values
    depth = DEPTH if parts else limit + 1
    scan = scanned(which, cursor=cursor, backward=place.backward, unread=wanted.unread, depth=depth)
    values |= {"me": person.id, "beside": cursor}
    where = f" where {' and '.join(parts)}" if parts else ""
    order = f"x.{which.key}{'' if place.backward else ' desc'} limit {limit + 1:d}"
    source = f"{columns} from ({scan}) x {which.joined}{where} order by {order}"
    rows = QUERIES.rows_where(connection, "past", source, **values)
    page = page_of(rows, place, limit=limit, cursor=lambda row: str(row["key"]))
    items = [_row(row) for row in page.items if row.pop("seen", 1)]
    if not parts or len(rows) > limit:
        return Page(items, page.next, page.previous)
    last = _last_seen(connection, which, scan=scan, backward=place.backward, values=values)
    if last is None:
        return Page(items, page.next, page.previous)
    if place.backward:
        return Page(items, page.next, last, partial=True)
    return Page(items, last, page.previous, partial=True)


def _last_seen(
    connection: Connection, which: _List, *, scan: str, backward: bool, values: dict[str, object]
) -> str | None:
    """The row at which a search goes on that found less than a page; None at the list's end."""
    furthest = f"{'max' if backward else 'min'}(x.{which.key}) as furthest"
    last = f"count(*) as how_many, {furthest} from ({scan}) x"
    row = QUERIES.rows_where(connection, "past", last, **values)[0]
    return str(row["furthest"]) if int(row["how_many"]) == DEPTH else None


def _row(row: Row) -> PastRow:
    if "unread" in row:
        row["unread"] = bool(row["unread"])
    return PastRow(**row)
