"""目标分解: a unit's tree, one's own duties, how far the units are; the same for pages and REST."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.office.assigning import thing_of
from api.office.following import chosen_cycle, planned_cycles
from engine.people.kinds import DIVISION
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.rights import may
from engine.people.tables import Unit
from engine.people.units import read_unit
from processes.decomposition.showing import Tree, progress_of, trees_of
from processes.planning.queries import cycles_of, standing_cycle


@dataclass(frozen=True)
class UnitTree:
    """A unit (or a division) in a year, with what it may see of the decomposition."""

    unit: Unit
    cycles: Sequence[Mapping[str, Any]]
    cycle: Mapping[str, Any] | None
    trees: Sequence[Tree]


def read_trees(
    connection: Connection, person: Person, unit_id: str, cycle_id: str = "", *, today: date
) -> UnitTree:
    """A unit's targets with who carries what; a division sees its own shares. Raises Trouble(404)."""
    try:
        unit = read_unit(connection, unit_id)
    except PeopleRefused:
        raise Trouble(404, "not_found") from None
    cycles = cycles_of(connection, unit.assessor_id)
    named = next((one for one in cycles if one["id"] == cycle_id), None)
    chosen = named if cycle_id else standing_cycle(cycles, today)
    if cycle_id and chosen is None:
        raise Trouble(404, "not_found")
    if not may(person, "see_target", thing_of(connection, unit_id, chosen["id"] if chosen else None)):
        raise Trouble(404, "not_found")
    if chosen is None:
        return UnitTree(unit, cycles, None, ())
    within = unit.kind == DIVISION
    owner = str(unit.parent_id) if within else unit_id
    trees = trees_of(
        connection, cycle_id=chosen["id"], unit_id=owner, division_id=unit_id if within else None
    )
    return UnitTree(unit, cycles, chosen, trees)


def read_progress(
    connection: Connection, person: Person, cycle_id: str = "", *, today: date
) -> tuple[list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]:
    """The cycles that the person follows, the chosen one, and its units. Raises Trouble(403, 404)."""
    cycles = planned_cycles(connection, person)
    chosen = chosen_cycle(cycles, cycle_id, today=today)
    return cycles, chosen, progress_of(connection, chosen["id"])
