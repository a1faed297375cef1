"""What every stage asks of its cycle: the row, and the content of the scheme it runs under."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import NoResultFound

from engine.store import Queries
from engine.store.prepared import Prepared
from processes.cycle.records import Cycle
from processes.tables import table_of

CYCLES = table_of(Cycle)
QUERIES = Queries(Path(__file__).with_name("reading.sql"))
BY_ID = Prepared(select(CYCLES).where(CYCLES.c.id == bindparam("cycle_id")))
MOST_SCHEMES = 64
"""Contents kept parsed: a few for every city that this process serves."""


def cycle_of(connection: Connection, cycle_id: str) -> Mapping[str, Any]:
    """The cycle's row."""
    row = BY_ID.row(connection, cycle_id=cycle_id)
    if row is None:
        raise NoResultFound(f"no cycle {cycle_id}")
    return row


class StoredContent(dict[str, Any]):
    """A profile version's content as it was stored: one object for all who ask, so nobody may change it.

    What is worked out of it may be kept by `text`: a scheme that was changed has another.
    """

    def __init__(self, text: str) -> None:
        super().__init__(orjson.loads(text))
        self.text = text


def scheme_of(connection: Connection, cycle_id: str) -> StoredContent:
    """The content of the cycle's profile version as it is now; parsed only when its text is a new one."""
    row = QUERIES.row(connection, "scheme", cycle_id=cycle_id)
    if row is None:
        raise LookupError(f"no cycle {cycle_id}")
    return _parsed(str(row["content"]))


@lru_cache(maxsize=MOST_SCHEMES)
def _parsed(text: str) -> StoredContent:
    return StoredContent(text)
