"""Work items: opening and closing them, and the history that stays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.audit.covering import digest_of_words, salt
from engine.ids import new_id
from engine.store import Queries, Row, insert_rows
from engine.store.sql import Asked

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Where an item without a due date stands in lists."""
URGENT = 70
"""From this priority on (of 100, as Camunda counts) work is urgent."""
QUERIES = Queries(Path(__file__).with_name("items.sql"))


@dataclass(frozen=True)
class Item:
    """An open work item as it stands in its row. `alone`: it is known that no other of its wait is open."""

    id: str
    cycle_id: str
    year: int | None
    assessor_id: str | None
    instance_id: str
    root_id: str
    definition_version_id: str
    process_key: str
    element_id: str
    wait_key: str
    round: int
    subject_unit_id: str | None
    subject_name: str
    matter: str
    unit_id: str | None
    post_key: str | None
    assignee_id: str | None
    claim_first: bool
    priority: int
    due_on: date | None
    due_at: datetime | None
    follow_up_on: date | None
    created_at: datetime
    opened_at: datetime | None
    from_name: str
    returned_from: str | None
    return_reason_id: str | None
    back_to: str | None
    lock_version: int
    purpose: str = ""
    waits_for: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Doing:
    """What was done, by whom: the part of a history row that does not come from the item."""

    verb: str
    outcome: str = ""
    person_id: str | None = None
    person_name: str = ""
    on_behalf_of: str = ""
    target_element_id: str | None = None
    text_id: str | None = None
    submission_id: str | None = None
    supersedes_id: str | None = None
    stood_in_for_id: str | None = None
    stood_in_for_name: str | None = None
    signature_digest: str | None = None
    chosen_text: str | None = None


def rank_of(priority: int) -> int:
    """Where work of a priority stands in lists: 0, before all that is not urgent (1)."""
    return 0 if priority >= URGENT else 1


def read_item(connection: Connection, item_id: str) -> Item | None:
    """The open item, or None."""
    row = QUERIES.row(connection, "item", id=item_id)
    return item_of(row) if row else None


def ask_item(connection: Connection, item_id: str) -> Callable[[], Item | None]:
    """As `read_item`, read when it is called."""
    asked = QUERIES.ask(connection, "item", id=item_id)

    def read() -> Item | None:
        row = asked.row()
        return item_of(row) if row else None

    return read


def item_of(row: Row) -> Item:
    """An `Item` from a row with its columns."""
    item = object.__new__(Item)  # its own way to begin sets thirty values that never change one by one
    item.__dict__.update(row, claim_first=bool(row["claim_first"]), alone=bool(row.get("alone")))
    return item


def close_items(connection: Connection, *, instance_id: str, wait_key: str) -> Asked:
    """Take away the open items of a wait; their rows, for the history."""
    return QUERIES.ask(connection, "close", instance_id=instance_id, wait_key=wait_key)


def close_unread(connection: Connection, *, instance_id: str, wait_key: str) -> None:
    """Take away the open items of a wait; nobody needs their rows."""
    QUERIES.send(connection, "close_unread", instance_id=instance_id, wait_key=wait_key)


def assign(connection: Connection, item: Item, *, assignee_id: str | None, at: datetime) -> bool:
    """Set who has the item from now on; False when somebody was faster."""
    touched = QUERIES.run(
        connection, "assign", id=item.id, lock_version=item.lock_version, assignee_id=assignee_id, at=at
    )
    return touched == 1


def event_row(item: Mapping[str, Any], doing: Doing, *, at: datetime) -> Row:
    """The history row for `doing` with an item (its columns by name)."""
    return {
        "id": new_id(),
        "cycle_id": item["cycle_id"],
        "year": item["year"],
        "instance_id": item["instance_id"],
        "root_id": item["root_id"],
        "item_id": item["id"],
        "process_key": item["process_key"],
        "definition_version_id": item["definition_version_id"],
        "element_id": item["element_id"],
        "round": item["round"],
        "subject_unit_id": item["subject_unit_id"],
        "subject_name": item["subject_name"],
        "matter": item["matter"],
        "unit_id": item["unit_id"],
        "post_key": item["post_key"],
        "item_created_at": item["created_at"],
        "due_at": item["due_at"],
        "happened_at": at,
        **doing.__dict__,
    }


def write_events(connection: Connection, rows: Sequence[Row]) -> None:
    """Append history rows."""
    insert_rows(connection, "work_event", rows)


def text_row(*, cycle_id: str, instance_id: str, kind: str, content: str) -> Row:
    """The row that keeps a person's words ("opinion", "reason") or a submitted "form" apart."""
    return {
        "id": new_id(),
        "cycle_id": cycle_id,
        "instance_id": instance_id,
        "kind": kind,
        "content_text": content,
        "salt": salt(),
    }


def write_texts(connection: Connection, rows: Sequence[Row]) -> None:
    """Store texts; history rows name them by id."""
    insert_rows(connection, "work_text", rows)


def erase_text(connection: Connection, text_id: str, *, at: datetime) -> bool:
    """Erase a person's words for good; the history and its chain stay whole. False when there are none."""
    row = QUERIES.row(connection, "text", id=text_id)
    if row is None or row["content_text"] is None:
        return False
    return QUERIES.run(connection, "erase_text", id=text_id, digest=digest_of_words(row), at=at) == 1
