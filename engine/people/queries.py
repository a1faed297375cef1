"""The room's named SQL, and what is asked at every step."""

from pathlib import Path

from sqlalchemy import Connection

from engine.people.refusals import PeopleRefused
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("people.sql"))


def unit_name(connection: Connection, unit_id: str) -> str:
    """The name of the unit with this id. Raises PeopleRefused when there is none."""
    row = QUERIES.row(connection, "unit_name", id=unit_id)
    if row is None:
        raise PeopleRefused("unit_missing", "没有这个单位。", unit_id=unit_id)
    return str(row["name"])
