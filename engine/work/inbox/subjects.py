"""What the rows of a list are about: the processes, years and units to which it can be narrowed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.visible import visible
from engine.store import Row
from engine.store.database import dialect_of
from engine.work.history import INSTANCE
from engine.work.inbox.branches import Tab, branches_of
from engine.work.inbox.open_work import ALL, QUERIES
from engine.work.inbox.past_work import COPIED, DONE, FOLLOWED, STARTED, scanned

SAMPLE = 200
"""About so many rows are looked at: the first of open work at each desk, the newest of past work."""
_PAST = {"done": DONE, "started": STARTED, "copies": COPIED, "following": FOLLOWED}


@dataclass(frozen=True)
class Subject:
    """A process (by key; a version says its name), a year and a unit that occur together in a list."""

    process_key: str
    definition_version_id: str
    year: int | None
    subject_unit_id: str | None
    subject_name: str


def subjects_of_open(connection: Connection, person: Person, tab: Tab) -> list[Subject]:
    """What the first items of 待办 or 待认领 are about."""
    branches = branches_of(person, tab, dialect_of(connection))
    each = max(SAMPLE // max(len(branches.ways), 1), 20)
    found, values = branches.ordered(ALL, key=None, backward=False, limit=each)
    source = f"({found}) k join work_item w on w.id = k.id"
    return _subjects(QUERIES.rows_where(connection, "subjects_of_open", source, **values))


def subjects_of_past(connection: Connection, person: Person, tab: str) -> list[Subject]:
    """What the newest rows of "done", "started", "copies" or "following" are about."""
    which = _PAST[tab]
    scan = scanned(which, cursor=None, backward=False, unread=False, depth=SAMPLE)
    source, values = f"({scan}) x {which.joined}", {"me": person.id}
    if which is FOLLOWED:
        seen = visible(person, "see_instance", INSTANCE)
        source, values = f"{source} where {seen.text}", {**values, **seen.values}
    return _subjects(QUERIES.rows_where(connection, "subjects_of_past", source, **values))


def _subjects(rows: list[Row]) -> list[Subject]:
    return [Subject(**row) for row in rows]
