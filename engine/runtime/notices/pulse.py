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
from engine.store import Queries, dialect_of, insert_rows

QUERIES = Queries(Path(__file__).with_name("pulse.sql"))
DOORBELL = "bihuan_pulse"
KEPT = timedelta(minutes=5)
OVERLAP = timedelta(seconds=30)
"""A pulse is seen after others that began later: so long is looked back. Who looks knows what it has seen."""


def beat(connection: Connection, places: Collection[str]) -> None:
    """Say for which people (ids) and posts (`unit#post`) something is new."""
    if not places:
        return
    now = datetime.now(UTC)
    row = {"id": new_id(), "beaten_at": now, "places_text": orjson.dumps(sorted(places)).decode()}
    QUERIES.send(connection, "forget", before=now - KEPT)
    insert_rows(connection, "notice_pulse", [row])
    if dialect_of(connection) == "postgresql":
        QUERIES.rows(connection, "ring")


def lately(connection: Connection) -> dict[str, frozenset[str]]:
    """The pulses of the last moments: their places by id."""
    rows = QUERIES.rows(connection, "lately", since=datetime.now(UTC) - OVERLAP)
    return {row["id"]: frozenset(orjson.loads(row["places_text"])) for row in rows}
