"""Adding and changing units: the same for pages and REST. Each is one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.people.allowed import require
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.tables import Unit
from engine.people.tree import move_unit
from engine.people.units import (
    UnitSpec,
    add_alias,
    add_unit,
    change_unit,
    read_unit,
    remove_alias,
    rename_unit,
)


@dataclass(frozen=True)
class Wanted:
    """A new unit; its assessor is that of the unit above it."""

    code: str
    name: str
    kind: str
    tier: str
    short_name: str = ""
    parent_id: str = ""
    assessed: bool = False
    aliases: tuple[str, ...] = ()


def unit_of(connection: Connection, unit_id: str) -> Unit:
    """The unit. Raises Trouble(404)."""
    try:
        return read_unit(connection, unit_id)
    except PeopleRefused as missing:
        raise Trouble(404, "not_found") from missing


def add(house: House, person: Person, wanted: Wanted) -> Unit:
    """Add a unit under another one. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        parent = read_unit(connection, wanted.parent_id) if wanted.parent_id else None
        return add_unit(
            connection,
            UnitSpec(
                code=wanted.code,
                name=wanted.name,
                short_name=wanted.short_name,
                kind=wanted.kind,
                tier=wanted.tier,
                parent_id=parent.id if parent else None,
                assessor_id=parent.assessor_id if parent else None,
                assessed=wanted.assessed,
                aliases=wanted.aliases,
            ),
        )


def change(
    house: House,
    person: Person,
    unit_id: str,
    *,
    name: str | None = None,
    short_name: str | None = None,
    parent_id: str | None = None,
    alias: str = "",
) -> None:
    """Change what is given; a former name still finds the unit. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        unit = unit_of(connection, unit_id)
        if name and name != unit.name:
            rename_unit(connection, unit_id, name, short_name=short_name)
        elif short_name is not None and short_name != unit.short_name:
            change_unit(connection, unit_id, short_name=short_name)
        if parent_id is not None and parent_id != unit.parent_id:
            move_unit(connection, unit_id, parent_id)
        if alias:
            add_alias(connection, unit_id, alias)


def call_also(house: House, person: Person, unit_id: str, alias: str) -> None:
    """别名: let the unit be found under one more name. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        unit_of(connection, unit_id)
        add_alias(connection, unit_id, alias)


def call_no_more(house: House, person: Person, unit_id: str, alias: str) -> None:
    """Forget an alias; the unit's own name stays. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        unit_of(connection, unit_id)
        remove_alias(connection, unit_id, alias)
