"""What has come since the last look — work, notices — becomes what is to be told to whom, where, and when.

Nothing is written for it in anybody's act: an item and a notice come untold, and whoever gathers them marks
them told in the transaction that writes what follows. So each is gathered once, however many machines look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection

from engine.clock import today
from engine.ids import new_id
from engine.people.working_days import WEEKENDS_ONLY
from engine.runtime.notices import pulse, todos
from engine.runtime.notices.kinds import ABOUT_WORK, Kind, kind_of
from engine.runtime.notices.moments import due_at
from engine.runtime.notices.people import QUERIES, Reachable, reachable
from engine.runtime.notices.receivers import place_of, receivers, with_stand_ins
from engine.runtime.notices.rules import MAIL
from engine.runtime.setup import Setup
from engine.store import Row, insert_rows
from engine.store.sql import Asked
from engine.store.texts import json_text

BATCH = 200
COMING = frozenset({"vacant", "back", "hand_over"})
"""Notices that say why an item has come."""
ONCE = "on conflict (person_id, kind, subject_id, channel) do nothing"
Fresh = tuple[Asked, Asked]


@dataclass(frozen=True)
class _Matter:
    """One thing to be told: of which kind, to whom."""

    kind: Kind
    row: Row
    item_id: str | None
    notification_id: str | None
    people: frozenset[str]

    @property
    def subject_id(self) -> str:
        """That an item comes is one thing, also where a notice says why; that it comes again is another."""
        if self.item_id is None or (self.notification_id and self.row["kind"] not in COMING):
            return str(self.row["id"])
        again = self.row["received_at"]
        return str(uuid5(NAMESPACE_OID, f"{self.item_id} {again.isoformat()}")) if again else self.item_id


def ask_anything_fresh(connection: Connection) -> Asked:
    """Ask whether there is anything to gather: a row then."""
    return QUERIES.ask(connection, "anything_fresh")


def ask_fresh(connection: Connection) -> Fresh:
    """Ask for one batch of what has come: items, notices."""
    return (
        QUERIES.ask(connection, "fresh_items", row_limit=BATCH),
        QUERIES.ask(connection, "fresh_notices", row_limit=BATCH),
    )


def gather(setup: Setup, connection: Connection, fresh: Fresh) -> int:
    """Note that what has come is told, and to whom; how many items and notices that were."""
    now, day = setup.clock.now(), today(setup.clock, setup.zone)
    items, notices = (asked.rows() for asked in fresh)
    if items:
        QUERIES.send(connection, "items_told", ids=json_text([row["id"] for row in items]), at=now)
    if notices:
        QUERIES.send(connection, "notices_told", ids=json_text([row["id"] for row in notices]), at=now)
    places = {place_of(row, "assignee_id") for row in items} | {place_of(row, "user_id") for row in notices}
    pulse.beat(connection, places)
    todos.keep_in_step(setup, connection, [row["id"] for row in items])
    if setup.notices.channels:
        matters = [*_of_notices(connection, notices, day), *_of_items(connection, items, day)]
        _write(setup, connection, matters, now, day)
    return len(items) + len(notices)


def _of_items(connection: Connection, rows: Sequence[Row], day: date) -> list[_Matter]:
    told = receivers(connection, rows, holder="assignee_id", on=day)
    told = with_stand_ins(connection, rows, told, on=day)
    return [
        _Matter("returned" if row["returned_from"] else "task", row, row["id"], None, told[row["id"]])
        for row in rows
    ]


def _of_notices(connection: Connection, rows: Sequence[Row], day: date) -> list[_Matter]:
    told = receivers(connection, rows, holder="user_id", on=day)
    about_work = [row for row in rows if kind_of(row["kind"]) in ABOUT_WORK]
    told = with_stand_ins(connection, about_work, told, on=day)
    return [_Matter(kind_of(row["kind"]), row, row["item_id"], row["id"], told[row["id"]]) for row in rows]


def _write(
    setup: Setup, connection: Connection, matters: Sequence[_Matter], now: datetime, day: date
) -> None:
    rules = setup.notices
    silent = rules.silent(connection, {str(one.row["cycle_id"]) for one in matters}) if matters else set()
    matters = [one for one in matters if one.people and one.row["cycle_id"] not in silent]
    people = reachable(connection, {p for one in matters for p in one.people}, on=day, usual=rules.habit)
    calendars: dict[str | None, Any] = {None: WEEKENDS_ONLY}
    for person in people.values():
        if person.assessor_id not in calendars:
            calendars[person.assessor_id] = setup.calendars.of(connection, str(person.assessor_id))
    rows = [
        row
        for one in matters
        for person in sorted(one.people & people.keys())
        for row in _rows(setup, one, people[person], now, calendars)
    ]
    insert_rows_by(connection, rows)


def _rows(
    setup: Setup, matter: _Matter, person: Reachable, now: datetime, calendars: dict[str | None, Any]
) -> list[Row]:
    found: list[Row] = []
    passes = matter.kind in setup.notices.passes
    broken = _broken(matter)
    for channel in setup.notices.channels.values():
        how = person.how(matter.kind, channel.key, setup.notices)
        if how == "off" or channel.key in broken or not person.reached(channel):
            continue
        when = due_at(
            how,
            now,
            habit=person.habit,
            calendar=calendars[person.assessor_id],
            zone=setup.zone,
            passes=passes,
        )
        found.append(_row(matter, person.id, channel.key, how=how, due=when, at=now))
    return found


def _broken(matter: _Matter) -> tuple[str, ...]:
    """That letters are not taken is not told by what does not take them."""
    said = matter.row.get("params_json") or {}
    return (MAIL, str(said.get("element"))) if said.get("about") == "send" else ()


def _row(matter: _Matter, person_id: str, channel: str, *, how: str, due: datetime, at: datetime) -> Row:
    return {
        "id": new_id(),
        "cycle_id": matter.row["cycle_id"],
        "person_id": person_id,
        "kind": matter.kind,
        "subject_id": matter.subject_id,
        "item_id": matter.item_id,
        "notification_id": matter.notification_id,
        "channel": channel,
        "how": how,
        "state": "waiting",
        "due_at": due,
        "created_at": at,
    }


def insert_rows_by(connection: Connection, rows: Sequence[Row], *, size: int = 500) -> None:
    """Insert deliveries that are not there yet, a statement for each `size` of them."""
    for first in range(0, len(rows), size):
        insert_rows(connection, "notice_delivery", rows[first : first + size], suffix=ONCE)
