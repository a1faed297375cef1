"""Adding and changing units: the same for pages and REST. Each is one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.as_shown import check_as_shown
from api.house import House
from api.people.allowed import named_unit, require, seen_unit
from api.people.recording import record_unit
from engine.people.administering import place_under, unit_thing
from engine.people.divisions import follow_name
from engine.people.holding import hold
from engine.people.kinds import DIVISION
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.rights import require as require_at
from engine.people.tables import Unit
from engine.people.tree import move_unit
from engine.people.units import (
    UnitSpec,
    add_alias,
    add_unit,
    assessor_of,
    change_unit,
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


def add(house: House, person: Person, wanted: Wanted) -> Unit:
    """Add a unit under another one. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        parent_id = _place(connection, person, wanted.parent_id)
        made = add_unit(
            connection,
            UnitSpec(
                code=wanted.code,
                name=wanted.name,
                short_name=wanted.short_name,
                kind=wanted.kind,
                tier=wanted.tier,
                parent_id=parent_id,
                assessor_id=assessor_of(connection, parent_id) if parent_id else None,
                assessed=wanted.assessed,
                aliases=wanted.aliases,
            ),
        )
        record_unit(house, connection, person, "add_unit", made)
    return made


def change(
    house: House,
    person: Person,
    unit_id: str,
    *,
    name: str | None = None,
    short_name: str | None = None,
    parent_id: str | None = None,
    alias: str = "",
    shown: str | None = None,
) -> None:
    """Change what is given; a former name still finds the unit; `shown` is the mark of the page's form.

    Raises Trouble, PeopleRefused.
    """
    require(person, "manage_people")
    with house.database.write() as connection:
        hold(connection, Unit, unit_id)
        unit = _unit_to_change(connection, person, unit_id)
        if unit.kind == DIVISION:
            raise PeopleRefused("division_here", "处室请在所属单位的“处室”页修改。", unit_id=unit_id)
        check_as_shown(shown, unit.name, unit.short_name)
        if name and name != unit.name:
            rename_unit(connection, unit_id, name, short_name=short_name)
            follow_name(connection, unit_id)
        elif short_name is not None and short_name != unit.short_name:
            change_unit(connection, unit_id, short_name=short_name)
        if parent_id is not None and parent_id != unit.parent_id:
            move_unit(connection, unit_id, _place(connection, person, parent_id))
        if alias:
            add_alias(connection, unit_id, alias)
        record_unit(house, connection, person, "change_unit", unit, said=name or "")


def call_no_more(house: House, person: Person, unit_id: str, alias: str) -> None:
    """Forget an alias; the unit's own name stays. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        unit = _unit_to_change(connection, person, unit_id)
        remove_alias(connection, unit_id, alias)
        record_unit(house, connection, person, "change_unit", unit, said=alias)


def _unit_to_change(connection: Connection, person: Person, unit_id: str) -> Unit:
    """The unit, if the person may change it. Raises Trouble(404), NotAllowed."""
    unit = seen_unit(connection, person, unit_id)
    require_at(person, "manage_people", unit_thing(unit))
    return unit


def _place(connection: Connection, person: Person, parent_id: str) -> str | None:
    """Where a unit may be put: under a unit that the person administers, or, for who administers
    everything, under none. Raises NotAllowed, PeopleRefused."""
    parent = named_unit(connection, person, parent_id) if parent_id else None
    place = place_under(connection, parent.id if parent else None)
    require_at(person, "manage_people", place)
    return parent.id if parent else None
