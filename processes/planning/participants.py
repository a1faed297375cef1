"""Who plans in a cycle: every assessed unit, and supporting bodies that lead an assigned target."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from engine.people.refusals import NameUnknown
from engine.people.units import resolve
from processes.planning.arrival import TARGETS, Units, assigned_of
from processes.planning.steps import UNITS, cycle_of, scheme_of


def units_named(
    connection: Connection, *, assessor_id: str, groups: Mapping[str, Mapping[str, str]]
) -> Units:
    """How tables name units: by the assessor's aliases, or as a group of the profile (`unitGroups`)."""
    known: dict[str, str | None] = {}

    def find(name: str) -> str | None:
        if name not in known:
            try:
                known[name] = resolve(connection, name, assessor_id=assessor_id).id
            except NameUnknown:
                known[name] = None
        return known[name]

    return Units(
        find=find,
        groups={
            name: _members(connection, assessor_id=assessor_id, tier=rule["tier"])
            for name, rule in groups.items()
        },
    )


def participants(
    connection: Connection, *, cycle_id: str, assessor_id: str, codes: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """The units that plan, as diagrams pass them: {id, name, code}; only those of `codes` when given."""
    leading = select(TARGETS.c.unit_id).where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.locked.is_(True))
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .where(UNITS.c.assessor_id == assessor_id)
        .where(UNITS.c.assessed.is_(True) | UNITS.c.id.in_(leading))
        .order_by(UNITS.c.code)
    )
    if codes is not None:
        query = query.where(UNITS.c.code.in_(list(codes)))
    return [dict(row) for row in connection.execute(query).mappings()]


def unknown_units(connection: Connection, cycle_id: str) -> list[str]:
    """Units that the year's assigned targets name and the assessor does not have, each once."""
    cycle, scheme = cycle_of(connection, cycle_id), scheme_of(connection, cycle_id)
    units = units_named(connection, assessor_id=cycle["assessor_id"], groups=scheme["unitGroups"])
    unknown: dict[str, None] = {}

    def find(name: str) -> str:
        found = units.find(name)
        if found is None:
            unknown[name] = None
        return found or ""

    assigned_of(cycle["year"], Units(find=find, groups=units.groups))
    return list(unknown)


def _members(connection: Connection, *, assessor_id: str, tier: str) -> tuple[str, ...]:
    query = (
        select(UNITS.c.id)
        .where(UNITS.c.assessor_id == assessor_id, UNITS.c.tier == tier, UNITS.c.assessed.is_(True))
        .order_by(UNITS.c.code)
    )
    return tuple(connection.execute(query).scalars())
