"""The tree of units: what lies under a unit, what above it, and moving a unit."""

from sqlalchemy import Connection, update
from sqlmodel import col

from engine.people.queries import QUERIES
from engine.people.refusals import PeopleRefused
from engine.people.tables import Unit
from engine.people.units import read_unit


def descendants(connection: Connection, unit_id: str) -> list[str]:
    """Ids of the unit and of all units under it, nearest first."""
    return [str(row["id"]) for row in QUERIES.rows(connection, "descendants", unit_id=unit_id)]


def ancestors(connection: Connection, unit_id: str) -> list[str]:
    """Ids of the units above the unit, nearest first."""
    return [str(row["id"]) for row in QUERIES.rows(connection, "ancestors", unit_id=unit_id)]


def move_unit(connection: Connection, unit_id: str, parent_id: str | None) -> None:
    """Hang the unit under another one. Raises PeopleRefused when that would make a circle."""
    if parent_id is not None:
        read_unit(connection, parent_id)
        if parent_id in descendants(connection, unit_id):
            raise PeopleRefused("unit_circle", "不能把单位移到它自己或它的下级之下。", unit_id=unit_id)
    connection.execute(update(Unit).where(col(Unit.id) == unit_id).values(parent_id=parent_id))
