"""What changed about who holds which post, until the open work has been brought in line with it.

Whoever changes a posting notes it here in the same transaction; routing reads it. A change is looked at a
second time a little later: work that a step opened at the same moment did not see it yet (PostgreSQL).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from engine.ids import new_id
from engine.people import nearby
from engine.people.queries import QUERIES
from engine.store import Row, insert_rows

SECOND_LOOK = timedelta(seconds=30)
"""When a change is looked at again, on the machine's own time: no step lasts as long."""


@dataclass(frozen=True)
class Changes:
    """The units at which posts, and the people whose accounts, are no longer as they were."""

    units: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.units or self.users)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.units | other.units, self.users | other.users)


def note_change(connection: Connection, *, unit_id: str | None = None, user_id: str | None = None) -> None:
    """Note that the holders of a unit's posts, or somebody's account, have changed in this transaction."""
    nearby.forget(connection)
    row = {
        "id": new_id(),
        "unit_id": unit_id,
        "user_id": user_id,
        "noted_at": datetime.now(UTC),
        "settled": False,
    }
    insert_rows(connection, "posting_change", [row])


def ask_any_change(connection: Connection, *, on: date) -> Callable[[], bool]:
    """Ask whether `take_changes` would find anything, or a civil day has begun that nobody has looked at."""
    changed = QUERIES.ask(connection, "any_change", before=datetime.now(UTC) - SECOND_LOOK)
    looked = QUERIES.ask(connection, "last_day")
    return lambda: bool(changed.rows()) or _day_of(looked.row()) != on


def take_changes(connection: Connection, *, on: date) -> Changes:
    """What has changed since the last look; on a new day also the postings that began or ended by date."""
    before = datetime.now(UTC) - SECOND_LOOK
    rows = QUERIES.rows(connection, "take_second", before=before)
    rows += QUERIES.rows(connection, "take_first")
    units = {row["unit_id"] for row in rows if row["unit_id"]}
    users = {row["user_id"] for row in rows if row["user_id"]}
    return Changes(frozenset(units), frozenset(users)) | _by_date(connection, on)


def _by_date(connection: Connection, on: date) -> Changes:
    last = _last_day(connection)
    if last == on or QUERIES.run(connection, "turn_day", day=on) != 1:
        return Changes()
    first, end = sorted((last, on))  # a demonstration's clock may also be set back
    rows = QUERIES.rows(connection, "dated_postings", first=first, end=end, first2=first, end2=end)
    return Changes(frozenset(row["unit_id"] for row in rows))


def _last_day(connection: Connection) -> date:
    return _day_of(QUERIES.row(connection, "last_day"))


def _day_of(row: Row | None) -> date:
    return row["day_on"] if row else date.min
