"""What is taken away when nobody needs it any more, and how long it is kept before.

Never anything of the history: events, words, audit entries, seals, step records, and the long values that
step records name, stay. What may go is looked for without keeping anybody from writing, then taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries
from engine.store.texts import json_text

QUERIES = Queries(Path(__file__).with_name("sweeping.sql"))
BATCH = 500
"""So many rows go in one transaction."""
Key = tuple[str, str | None]


@dataclass(frozen=True)
class Keeping:
    """How long is kept what may go; None: for ever. `seal_every` is how often the chains are sealed."""

    messages: timedelta | None = None
    """Messages that have expired, received or not, and with them the memory of their ids."""
    request_keys: timedelta | None = None
    """Answers to requests with an Idempotency-Key."""
    letters: timedelta | None = None
    """Letters that have been sent."""
    sessions: timedelta | None = None
    """Log-in sessions after their end."""
    drafts: timedelta | None = None
    """Drafts that nobody has touched."""
    notices: timedelta | None = None
    """What was told to whom outside the page, the days on which digests went out, and what a to-do centre was
    told of work that is over."""
    seal_every: timedelta | None = None


@dataclass(frozen=True)
class Sweep:
    """One kind of rows: on whose time they live, and what its statements ask."""

    on_machine_time: bool = False
    """Sessions do; all others live on the city's clock."""
    kept_as: str = ""
    """Under which name `Keeping` says how long, where it is not the sweep's own."""
    finds_by: tuple[str, ...] = ("before",)
    drops_by: tuple[str, ...] = ()


SWEEPS: Mapping[str, Sweep] = {
    "messages": Sweep(finds_by=("before", "now")),
    "request_keys": Sweep(),
    "letters": Sweep(),
    "sessions": Sweep(on_machine_time=True, drops_by=("before",)),
    "drafts": Sweep(drops_by=("before",)),
    "notices": Sweep(),
    "digests": Sweep(kept_as="notices", drops_by=("before",)),
    "todos": Sweep(kept_as="notices"),
}


def find(connection: Connection, name: str, *, now: datetime, before: datetime) -> list[Key]:
    """At most `BATCH` keys of rows of one kind that are older than `before`."""
    given = {"now": now, "before": before}
    asked = {one: given[one] for one in SWEEPS[name].finds_by}
    rows = QUERIES.rows(connection, f"find_{name}", row_limit=BATCH, **asked)
    return [(row["one"], row["two"]) for row in rows]


def drop(connection: Connection, name: str, keys: list[Key], *, before: datetime) -> int:
    """Take these rows away; how many were still there."""
    asked = dict.fromkeys(SWEEPS[name].drops_by, before)
    return QUERIES.run(connection, f"drop_{name}", keys=json_text(keys), **asked)
