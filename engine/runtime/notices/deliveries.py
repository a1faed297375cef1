"""投递记录: what was told to whom, when, how often it was tried. Never what it says."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.people.administering import SEE_PEOPLE, visible_any
from engine.people.persons import Person
from engine.people.visible import ThingColumns
from engine.runtime.notices.addresses import shown
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("deliveries.sql"))
_HOME = ThingColumns(unit="h.id", assessor="h.assessor_id")


@dataclass(frozen=True)
class Wanted:
    """Which deliveries: of a channel, of a person (log-in), only those not yet there."""

    channel: str = ""
    login: str = ""
    open: bool = False


@dataclass(frozen=True)
class Delivery:
    """One delivery. `state`: waiting, sending, failing, sent, needless."""

    id: str
    kind: str
    channel: str
    how: str
    person_name: str
    login: str
    recipient: str
    state: str
    due_at: datetime
    created_at: datetime
    attempts: int
    last_error: str
    sent_at: datetime | None


def deliveries(
    connection: Connection, person: Person, wanted: Wanted, *, before: str = "", limit: int = 50
) -> list[Delivery]:
    """Deliveries to the people whom `person` administers, the newest first. One statement."""
    seen = visible_any(person, SEE_PEOPLE, _HOME)
    rows = QUERIES.rows_where(
        connection,
        "deliveries",
        seen.text,
        **seen.values,
        before_id=before,
        before_id2=before,
        channel=wanted.channel,
        channel2=wanted.channel,
        login=wanted.login,
        login2=wanted.login,
        open=int(wanted.open),
        row_limit=limit,
    )
    return [_delivery(row) for row in rows]


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        kind=row["kind"],
        channel=row["channel"],
        how=row["how"],
        person_name=row["person_name"],
        login=row["login"],
        recipient=shown(row["recipient"] or "", row["channel"]),
        state=_state(row),
        due_at=row["due_at"],
        created_at=row["created_at"],
        attempts=row["attempts"] or 0,
        last_error=row["last_error"] or "",
        sent_at=row["sent_at"],
    )


def _state(row: Row) -> str:
    if row["state"] != "sent":
        return str(row["state"])
    if row["sent_at"] is not None or row["letter_gone"]:
        return "sent"
    return "failing" if row["last_error"] else "sending"
