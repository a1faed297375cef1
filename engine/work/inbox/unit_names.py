"""A unit is found by all its names: short ones, former ones, and what people call it."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries
from engine.work.inbox.wanted import Wanted

QUERIES = Queries(Path(__file__).with_name("unit_names.sql"))
MOST_NAMED = 50
"""So many units one word may name; more than that it finds in the text of the work."""


def with_units(connection: Connection, wanted: Wanted) -> Wanted:
    """`wanted`, knowing which units its words name."""
    if not wanted.words:
        return wanted
    return replace(wanted, named=tuple(_units(connection, word) for word in wanted.words))


def _units(connection: Connection, word: str) -> tuple[str, ...]:
    rows = QUERIES.rows(connection, "units_named", word=word, row_limit=MOST_NAMED)
    return tuple(row["unit_id"] for row in rows)
