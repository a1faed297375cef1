"""The history of an instance: who did what, in which round, and which opinions no longer count."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.visible import ConcernColumns, ThingColumns, visible
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("history.sql"))
LAST = "g"
"""After every id, in every collation: ids are hexadecimal."""
ALL = 2**31 - 1
"""More events than an instance has."""
INSTANCE = ThingColumns(
    unit="i.subject_unit_id",
    assessor="i.assessor_id",
    cycle="i.cycle_id",
    process="i.process_key",
    concerns=(
        ConcernColumns(involved="x.person_id", table="work_event x", on="x.instance_id = i.id"),
        ConcernColumns(
            holder="w.assignee_id",
            unit="w.unit_id",
            post_key="w.post_key",
            table="work_item w",
            on="w.instance_id = i.id",
        ),
        ConcernColumns(involved="c.person_id", table="copy c", on="c.instance_id = i.id"),
    ),
)
"""How an instance is seen: by those concerned in it, or to whom it was copied, and by those with a right to
its unit."""
CLOSED_ITEM = replace(
    INSTANCE, concerns=(*INSTANCE.concerns, ConcernColumns(unit="e.unit_id", post_key="e.post_key"))
)
"""A closed item is seen like its instance, and from the desk where it lay before somebody was faster."""


TASK = ThingColumns(
    cycle="w.cycle_id",
    process="w.process_key",
    concerns=(ConcernColumns(holder="w.assignee_id", unit="w.unit_id", post_key="w.post_key"),),
)
"""How an open item is acted on: by who has it, or by whoever holds its post."""


@dataclass(frozen=True)
class HistoryEvent:
    """One row of the history. `text` is the opinion or reason (None when there was none, or erased).

    `on_behalf_of` is the body that a 代录 step speaks for; `stood_in_for_name` whose stand-in acted (代理);
    `signature_digest` the picture it was signed with; `chosen_text` whom they chose for later steps (JSON).
    """

    id: str
    instance_id: str
    item_id: str | None
    process_key: str
    definition_version_id: str
    element_id: str
    round: int
    verb: str
    outcome: str
    person_id: str | None
    person_name: str
    unit_id: str | None
    unit_name: str | None
    post_key: str | None
    post_name: str | None
    on_behalf_of: str
    stood_in_for_name: str | None
    target_element_id: str | None
    text: str | None
    submission_id: str | None
    supersedes_id: str | None
    happened_at: datetime
    item_created_at: datetime | None
    due_at: datetime | None
    subject_name: str
    signature_digest: str | None
    chosen_text: str | None
    superseded: bool


def events(
    connection: Connection, instance_id: str, *, after: str = "", limit: int = ALL
) -> list[HistoryEvent]:
    """Everything that was done in one instance, oldest first; or `limit` of what came after an event."""
    return _events(connection, "o.id > :place order by o.id", instance_id, after, limit)


def latest_events(
    connection: Connection, instance_id: str, *, before: str = "", limit: int
) -> list[HistoryEvent]:
    """At most `limit` of them, the newest first; with the id of an event, those before it."""
    earlier = _events(connection, "o.id < :place order by o.id desc", instance_id, before or LAST, limit)
    return earlier[::-1]


def _events(
    connection: Connection, which: str, instance_id: str, place: str, limit: int
) -> list[HistoryEvent]:
    rows = QUERIES.rows_where(
        connection, "events", which, instance_id=instance_id, place=place, row_limit=limit
    )
    return [HistoryEvent(**{**row, "superseded": bool(row["superseded"])}) for row in rows]


def open_items(connection: Connection, instance_id: str) -> list[Row]:
    """Who has the instance now: element, round, unit, post, assignee, due date of each open item."""
    return QUERIES.rows(connection, "open_items", instance_id=instance_id)


def who_closed(connection: Connection, item_id: str) -> Row | None:
    """The last act on an item that is closed; None for an item that never was."""
    return QUERIES.row(connection, "who_closed", item_id=item_id)


def may_see(connection: Connection, person: Person, instance_id: str) -> bool:
    """Whether the person may see an instance."""
    rule = visible(person, "see_instance", INSTANCE)
    return bool(QUERIES.rows_where(connection, "seen_instance", rule.text, **rule.values, id=instance_id))


def takes_part(connection: Connection, person: Person, instance_id: str) -> bool:
    """Whether the person has work in an instance now, or has done something in it."""
    rule = visible(person, "act_item", TASK)
    rows = QUERIES.rows_where(
        connection, "takes_part", rule.text, **rule.values, id=instance_id, me=person.id, other=instance_id
    )
    return bool(rows)


def seen_closed_item(connection: Connection, person: Person, item_id: str) -> Row | None:
    """Where a closed item belonged (instance, element, version), if the person may see it."""
    rule = visible(person, "see_instance", CLOSED_ITEM)
    rows = QUERIES.rows_where(connection, "seen_closed_item", rule.text, **rule.values, item_id=item_id)
    return rows[0] if rows else None
