"""Two-person check (双人复核): who did an earlier step, and must therefore not act on a later one."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("apart.sql"))


def handlings(connection: Connection, instance_id: str, elements: Sequence[str]) -> list[Row]:
    """Who did these steps of an instance, as far as it still counts: element, person, whose stand-in."""
    if not elements:
        return []
    rows = QUERIES.rows(connection, "handled", instance_id=instance_id)
    return [row for row in rows if row["element_id"] in elements]


def handlers_of(connection: Connection, instance_id: str, elements: Sequence[str]) -> frozenset[str]:
    """The people behind `handlings`: who acted, and in whose name."""
    rows = handlings(connection, instance_id, elements)
    people = {person for row in rows for person in (row["person_id"], row["stood_in_for_id"])}
    return frozenset(filter(None, people))


def keep_apart(connection: Connection, rows: Sequence[Row]) -> None:
    """Write who must not act on which open item; lists leave it out for them."""
    insert_rows(connection, "kept_apart", rows, suffix="on conflict do nothing")


def kept_from(connection: Connection, item_id: str) -> frozenset[str]:
    """Who must not act on an open item."""
    return frozenset(row["person_id"] for row in QUERIES.rows(connection, "kept_from", item_id=item_id))
