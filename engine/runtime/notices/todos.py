"""An outside to-do centre kept in step: what it should show is compared with what it was told, and pushed.

Nothing is written for it in anybody's act. Each item is one entry with a stable id and a version that grows
with each push, so that order and repetition do no harm. Just now touched items are found by the history's
key; a whole comparison, now and then, finds what else has changed (who holds a post, what was missed).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.clock import today
from engine.ids import new_id
from engine.people.persons import Person
from engine.people.visible import ThingColumns, visible
from engine.runtime.notices import pulse
from engine.runtime.notices.receivers import receivers, with_stand_ins
from engine.runtime.outbox import Letter, put
from engine.runtime.setup import Setup
from engine.store import Queries, Row, insert_rows
from engine.store.texts import json_text

QUERIES = Queries(Path(__file__).with_name("todos.sql"))
_ITEM = ThingColumns(unit="w.subject_unit_id", assessor="w.assessor_id", cycle="w.cycle_id")
BATCH = 500
LATELY = timedelta(seconds=30)
"""An act is seen at the latest so long after it began; what takes longer the whole comparison finds."""
DONE = frozenset({"complete", "register_for", "return_to", "answer"})
"""Acts by which whoever had the item has done it; by any other it was taken from them."""


@dataclass(frozen=True)
class Push:
    """What the to-do centre has to be told of one item."""

    item_id: str
    cycle_id: str
    version: int
    state: str
    content: Mapping[str, Any]


def touched(setup: Setup, connection: Connection) -> list[str]:
    """Items told outside that somebody acted on just now, and that the centre shows otherwise."""
    if not setup.notices.todo:
        return []
    rows = QUERIES.rows(connection, "touched", since=pulse.id_at(datetime.now(UTC) - LATELY), row_limit=BATCH)
    return [push.item_id for push in differences(setup, connection, [row["item_id"] for row in rows])]


def keep_in_step(setup: Setup, connection: Connection, ids: Collection[str]) -> int:
    """Push what differs of these items; how many there were."""
    if not (setup.notices.todo and ids):
        return 0
    pushes = differences(setup, connection, ids)
    for push in pushes:
        _push(setup, connection, push)
    return len(pushes)


def reconcile(setup: Setup) -> int:
    """Compare everything, a batch a transaction; how much was pushed."""
    pushed = 0
    for name in ("open_entries", "unknown_items"):
        after = ""
        while True:
            with setup.database.write() as connection:
                rows = QUERIES.rows(connection, name, after=after, row_limit=BATCH)
                pushed += keep_in_step(setup, connection, [row["item_id"] for row in rows])
            if len(rows) < BATCH:
                break
            after = rows[-1]["item_id"]
    return pushed


def differences(setup: Setup, connection: Connection, ids: Collection[str]) -> list[Push]:
    """What the centre should be told of these items."""
    if not ids:
        return []
    listed = json_text(sorted(ids))
    items = QUERIES.rows(connection, "items", ids=listed)
    entries = {row["item_id"]: row for row in QUERIES.rows(connection, "entries", ids=listed)}
    silent = setup.notices.silent(connection, {row["cycle_id"] for row in items}) if items else set()
    wanted = _wanted(setup, connection, [row for row in items if row["cycle_id"] not in silent])
    pushes = []
    for item_id, content in wanted.items():
        entry = entries.get(item_id)
        if entry is None or orjson.loads(entry["content_text"]) != content:
            version = entry["version"] + 1 if entry else 1
            pushes.append(Push(item_id, str(content["cycle_id"]), version, "open", content))
    gone = [row for key, row in entries.items() if row["state"] == "open" and key not in wanted]
    return pushes + _closed(connection, gone)


def _closed(connection: Connection, entries: Sequence[Row]) -> list[Push]:
    if not entries:
        return []
    rows = QUERIES.rows(connection, "how_closed", ids=json_text([one["item_id"] for one in entries]))
    last = {row["item_id"]: row["verb"] for row in rows if row["verb"] != "supersede"}
    return [
        Push(
            one["item_id"],
            one["cycle_id"],
            one["version"] + 1,
            "done" if last.get(one["item_id"]) in DONE else "withdrawn",
            {**orjson.loads(one["content_text"]), "receivers": []},
        )
        for one in entries
    ]


def _wanted(setup: Setup, connection: Connection, items: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """What the centre should show of open items, by their ids."""
    if not items:
        return {}
    day = today(setup.clock, setup.zone)
    told = receivers(connection, items, holder="assignee_id", on=day)
    told = with_stand_ins(connection, items, told, on=day)
    everybody = sorted({person for people in told.values() for person in people})
    people = QUERIES.rows(connection, "people", ids=json_text(everybody))
    words = setup.notices.todo_words
    return {
        item["id"]: {
            "receivers": [
                {"login": one["login"], "name": one["name"]}
                for one in people
                if one["id"] in told[item["id"]]
            ],
            **words(connection, setup.definitions, item),
            "from": item["from_name"],
            "returned": item["returned_from"] is not None,
            "due_on": item["due_on"].isoformat() if item["due_on"] else None,
            "priority": item["priority"],
            "created_at": item["created_at"].isoformat(),
            "cycle_id": item["cycle_id"],
            "instance_id": item["instance_id"],
        }
        for item in items
    }


def _push(setup: Setup, connection: Connection, push: Push) -> None:
    letter_id = new_id()
    row = {
        "version": push.version,
        "state": push.state,
        "content_text": orjson.dumps(push.content).decode(),
        "changed_at": setup.clock.now(),
        "letter_id": letter_id,
    }
    if push.version == 1:
        insert_rows(connection, "todo_entry", [{"item_id": push.item_id, "cycle_id": push.cycle_id, **row}])
    else:
        QUERIES.send(connection, "change", item_id=push.item_id, **row)
    said = {"id": push.item_id, "version": push.version, "state": push.state, **push.content}
    letter = Letter(
        "webhook",
        setup.notices.todo,
        orjson.dumps(said).decode(),
        subject=f"todo.{push.state}",
        channel=setup.notices.todo,
        id=letter_id,
        cycle_id=push.cycle_id,
    )
    put(setup, connection, [letter], attempts=setup.notices.attempts)


@dataclass(frozen=True)
class OpenTodo:
    """One entry that should be open outside, as it was pushed last."""

    item_id: str
    version: int
    content: Mapping[str, Any]
    changed_at: datetime


def open_todos(
    connection: Connection, person: Person, *, after: str = "", limit: int = 100
) -> list[OpenTodo]:
    """What should be open outside now, of the assessors whose data the person may export; by id."""
    seen = visible(person, "export", _ITEM)
    rows = QUERIES.rows_where(connection, "open_now", seen.text, **seen.values, after=after, row_limit=limit)
    return [
        OpenTodo(row["item_id"], row["version"], orjson.loads(row["content_text"]), row["changed_at"])
        for row in rows
    ]
