"""What is due becomes letters: one for each person and channel, with all that is due there at this moment.

Who gets fifty tasks at once gets one letter. A digest is written once a day: the row of its day says so.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import psycopg
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine.clock import today
from engine.ids import new_id
from engine.people.working_days import WEEKENDS_ONLY
from engine.runtime.notices.kinds import ABOUT_WORK
from engine.runtime.notices.moments import next_digest
from engine.runtime.notices.people import Reachable, reachable
from engine.runtime.notices.rules import Channel, Occasion, Told, Words, plain_words
from engine.runtime.outbox import Letter, put
from engine.runtime.setup import Setup
from engine.store import Queries, Row
from engine.store.sql import Asked
from engine.store.texts import json_text

QUERIES = Queries(Path(__file__).with_name("dispatching.sql"))
log = structlog.get_logger(__name__)
BATCH = 200


@dataclass(frozen=True)
class _Sending:
    """One look at what is due: the people, and what the notices say, read for all at once."""

    setup: Setup
    connection: Connection
    now: datetime
    people: dict[str, Reachable]
    items: dict[str, Row]
    notices: dict[str, Row]

    def told(self, delivery: Row) -> Told | None:
        """What is to be said, or None when it is needless: done with, or read on the page."""
        item = self.items.get(delivery["item_id"] or "")
        if delivery["kind"] in ABOUT_WORK and delivery["item_id"] and item is None:
            return None
        notice = self.notices.get(delivery["notification_id"] or "")
        if notice is not None:
            if notice["read_at"] is not None:
                return None
            params = notice["params_json"]
            return Told(
                notice["kind"], params, notice["item_id"], notice["instance_id"], notice["created_at"]
            )
        if item is None or (delivery["how"] == "digest" and item["opened_at"] is not None):
            return None
        return Told(delivery["kind"], _params(item), item["id"], item["instance_id"], item["created_at"])


def ask_due(setup: Setup, connection: Connection) -> Asked:
    """Ask whether `dispatch` has anything to do: a row then."""
    return QUERIES.ask(connection, "next_due", now=setup.clock.now())


def dispatch(setup: Setup, connection: Connection) -> int:
    """Write the letters that are due, those of one batch of people; how many deliveries were settled."""
    now = setup.clock.now()
    first = QUERIES.rows(connection, "due", now=now, row_limit=BATCH)
    if not first:
        return 0
    people = sorted({row["person_id"] for row in first})
    rows = QUERIES.rows(connection, "due_of", now=now, people=json_text(people))
    sending = _Sending(
        setup,
        connection,
        now,
        reachable(connection, people, on=today(setup.clock, setup.zone), usual=setup.notices.habit),
        _by_id(connection, "items", rows, "item_id"),
        _by_id(connection, "notices", rows, "notification_id"),
    )
    for (person, channel), due in groupby(rows, key=lambda row: (row["person_id"], row["channel"])):
        _write_letter(sending, person, setup.notices.channels.get(channel), list(due))
    return len(rows)


def _by_id(connection: Connection, name: str, rows: Sequence[Row], column: str) -> dict[str, Row]:
    ids = sorted({row[column] for row in rows if row[column]})
    return {row["id"]: row for row in QUERIES.rows(connection, name, ids=json_text(ids))} if ids else {}


def _write_letter(sending: _Sending, person_id: str, channel: Channel | None, due: list[Row]) -> None:
    person = sending.people.get(person_id)
    address = person.reached(channel) if person and channel else ""
    said = {row["id"]: told for row in due if address and (told := sending.told(row))}
    _settle(sending, [row["id"] for row in due if row["id"] not in said], "needless")
    if not said or person is None or channel is None:
        return
    letter_id = new_id()
    meant = [row for row in due if row["id"] in said]
    if not _may_digest(sending, person, channel, meant, letter_id):
        meant = [row for row in meant if row["how"] != "digest"]
        if not meant:
            return
    digest = any(row["how"] == "digest" for row in meant)
    occasion = Occasion(sending.setup.definitions, digest, person.home_id)
    words = _worded(sending, [said[row["id"]] for row in meant], occasion)
    letter = Letter(
        channel.letter,
        address,
        words.text,
        subject=words.subject,
        channel=channel.key,
        id=letter_id,
        cycle_id=meant[0]["cycle_id"],
    )
    put(
        sending.setup,
        sending.connection,
        [letter],
        attempts=sending.setup.notices.attempts,
        assessor_id=person.assessor_id,
    )
    _settle(sending, [row["id"] for row in meant], "sent", letter_id)


def _worded(sending: _Sending, told: Sequence[Told], occasion: Occasion) -> Words:
    """Whatever cannot be said well is said plainly: no notice stands in the way of the others."""
    try:
        return sending.setup.notices.wording(sending.connection, told, occasion)
    except (SQLAlchemyError, psycopg.Error, sqlite3.Error):
        raise
    except Exception:
        log.exception("notice has no words", kinds=sorted({one.kind for one in told}))
        return plain_words(sending.connection, told, occasion)


def _may_digest(
    sending: _Sending, person: Reachable, channel: Channel, due: Sequence[Row], letter_id: str
) -> bool:
    """Whether the digests among what is due go with this letter; else they wait for the next day's."""
    digests = [row["id"] for row in due if row["how"] == "digest"]
    if not digests:
        return True
    day = today(sending.setup.clock, sending.setup.zone)
    key = {"person_id": person.id, "channel": channel.key, "day_on": day}
    if QUERIES.row(sending.connection, "begin_digest", **key, letter_id=letter_id) is not None:
        return True
    assessor = person.assessor_id
    calendars = sending.setup.calendars
    calendar = calendars.of(sending.connection, assessor) if assessor else WEEKENDS_ONLY
    due_at = next_digest(sending.now, habit=person.habit, calendar=calendar, zone=sending.setup.zone)
    QUERIES.send(sending.connection, "put_off", ids=json_text(digests), due_at=due_at)
    return False


def _settle(sending: _Sending, ids: Iterable[str], state: str, letter_id: str | None = None) -> None:
    if listed := list(ids):
        QUERIES.send(sending.connection, "settle", ids=json_text(listed), state=state, letter_id=letter_id)


def _params(item: Row) -> dict[str, object]:
    return {
        "subject": item["subject_name"],
        "matter": item["matter"],
        "year": item["year"],
        "process": item["process_key"],
        "element": item["element_id"],
        "version": item["definition_version_id"],
        "from": item["from_name"],
        "due_on": item["due_on"].isoformat() if item["due_on"] else None,
        "again": item["received_at"] is not None,
    }
