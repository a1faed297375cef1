"""The pulse: one row says for whom something is new; every server hears it and tells the open pages.

On PostgreSQL a notification wakes the servers as well. It may be lost (behind a pool nobody can listen), so
they look by themselves too: a short range of one index.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy import Connection

from engine.ids import new_id
from engine.store import Queries, Row, dialect_of, insert_rows

QUERIES = Queries(Path(__file__).with_name("pulse.sql"))
DOORBELL = "bihuan_pulse"
KEPT = timedelta(minutes=5)
OVERLAP = timedelta(seconds=30)
"""A pulse is seen after others that began later: so long is looked back. Who looks knows what it has seen."""
OVERLAP_OF_ACTS = timedelta(seconds=6)
"""The same for acts, which are short and many; longer than anybody looks away."""
MOST_ACTS = 2000


def beat(connection: Connection, places: Collection[str]) -> None:
    """Say for which people (ids) and posts (`unit#post`) something is new."""
    if not places:
        return
    now = datetime.now(UTC)
    row = {"id": new_id(), "beaten_at": now, "places_text": orjson.dumps(sorted(places)).decode()}
    QUERIES.send(connection, "forget", before=now - KEPT)
    insert_rows(connection, "notice_pulse", [row])
    if dialect_of(connection) == "postgresql":
        QUERIES.send(connection, "ring")


def lately(connection: Connection) -> dict[str, frozenset[str]]:
    """The pulses and the acts of the last moments: for whom they changed something, and which item, by id.

    An act writes nothing for it: its history says for whom something is open no more.
    """
    now = datetime.now(UTC)
    found = {row["id"]: frozenset(orjson.loads(row["places_text"])) for row in _rows(connection, now)}
    asked = {"since": id_at(now - OVERLAP_OF_ACTS), "row_limit": MOST_ACTS}
    places: dict[str, set[str]] = {}
    for name in ("acts", "claims"):
        for row in QUERIES.rows(connection, name, **asked):
            places.setdefault(row["id"], set()).update(filter(None, _places(row)))
    return found | {identity: frozenset(named) for identity, named in places.items()}


def id_at(moment: datetime) -> str:
    """The smallest id that could have been given at a moment: ids begin with their time."""
    digits = f"{int(moment.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def _rows(connection: Connection, now: datetime) -> list[Row]:
    return QUERIES.rows(connection, "lately", since=now - OVERLAP)


def _places(act: Row) -> tuple[str | None, ...]:
    post = f"{act['unit_id']}#{act['post_key']}" if act["post_key"] else None
    return (act["item_id"], act.get("person_id"), act.get("stood_in_for_id"), post)
