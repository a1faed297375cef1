"""Who plans in a cycle: every assessed unit, and supporting bodies that lead an assigned target.

Only units that exist on the planning day plan. One that was merged or has ended, or that begins later,
is left out; its assigned targets are not opened, and go nowhere by themselves: they are moved by decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from engine.people.refusals import NameUnknown
from engine.people.units import resolve
from processes.cycle.reading import cycle_of, scheme_of
from processes.planning.arrival import TARGETS, Units, assigned_of
from processes.planning.steps import UNITS


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


@dataclass(frozen=True)
class LeftOut:
    """A unit that would plan if it existed on the planning day, and why it does not."""

    id: str
    name: str
    reason: str
    targets: tuple[str, ...] = ()
    """Codes of the year's assigned targets that name it."""

    @property
    def sentence(self) -> str:
        """Why, and what the office has to settle."""
        if not self.targets:
            return self.reason
        return f"{self.reason}；{'、'.join(self.targets)} 没有下达，请另行确定承担单位"


def planning_day(year: int, today: date) -> date:
    """The day on which a unit has to exist: today, or the nearest day of the cycle's year."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


def existing(connection: Connection, unit_ids: Iterable[str], *, on: date) -> set[str]:
    """Those of some units that exist on a day."""
    query = select(UNITS.c.id).where(UNITS.c.id.in_(list(unit_ids)), *_exists(on))
    return set(connection.execute(query).scalars())


def left_out(connection: Connection, cycle_id: str, *, today: date) -> list[LeftOut]:
    """Units that are assessed, or named by an assigned target of the year, and do not exist now; by code."""
    cycle, named = cycle_of(connection, cycle_id), _named(connection, cycle_id)
    day = planning_day(cycle["year"], today)
    successor = UNITS.alias("successor")
    query = (
        select(UNITS, successor.c.name.label("successor_name"))
        .join(successor, successor.c.id == UNITS.c.successor_id, isouter=True)
        .where(UNITS.c.assessor_id == cycle["assessor_id"])
        .where(UNITS.c.assessed.is_(True) | UNITS.c.id.in_(list(named)))
        .where(or_(UNITS.c.valid_from_on > day, UNITS.c.valid_until_on < day))
        .order_by(UNITS.c.code)
    )
    return [
        LeftOut(row["id"], row["name"], _reason(dict(row), day), tuple(named.get(row["id"], ())))
        for row in connection.execute(query).mappings()
    ]


def _reason(row: Mapping[str, Any], day: date) -> str:
    if row["valid_from_on"] is not None and row["valid_from_on"] > day:
        return f"{row['valid_from_on']} 才成立"
    taken = f"，由{row['successor_name']}承继" if row["successor_name"] else ""
    return f"存续到 {row['valid_until_on']} 为止{taken}"


def _named(connection: Connection, cycle_id: str) -> dict[str, list[str]]:
    """Codes of the year's assigned targets by the unit that they name."""
    cycle, scheme = cycle_of(connection, cycle_id), scheme_of(connection, cycle_id)
    units = units_named(connection, assessor_id=cycle["assessor_id"], groups=scheme["unitGroups"])
    known = Units(find=lambda name: units.find(name) or "", groups=units.groups)
    found: dict[str, list[str]] = {}
    for target in assigned_of(cycle["year"], known, tables=scheme["assignedTargets"]):
        for unit_id in target.units:
            found.setdefault(unit_id, []).append(target.code)
    return found


def _exists(on: date) -> list[ColumnElement[bool]]:
    return [
        or_(UNITS.c.valid_from_on.is_(None), UNITS.c.valid_from_on <= on),
        or_(UNITS.c.valid_until_on.is_(None), UNITS.c.valid_until_on >= on),
    ]


def participants(
    connection: Connection,
    *,
    cycle_id: str,
    assessor_id: str,
    codes: Sequence[str] | None = None,
    on: date | None = None,
) -> list[dict[str, Any]]:
    """The units that plan, as diagrams pass them: {id, name, code}.

    Only those of `codes` when given, and only those that exist `on` a day.
    """
    leading = select(TARGETS.c.unit_id).where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.locked.is_(True))
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .where(UNITS.c.assessor_id == assessor_id)
        .where(UNITS.c.assessed.is_(True) | UNITS.c.id.in_(leading))
        .order_by(UNITS.c.code)
    )
    if on is not None:
        query = query.where(*_exists(on))
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

    named = Units(find=find, groups=units.groups)
    assigned_of(cycle["year"], named, tables=scheme["assignedTargets"])
    return list(unknown)


def _members(connection: Connection, *, assessor_id: str, tier: str) -> tuple[str, ...]:
    query = (
        select(UNITS.c.id)
        .where(UNITS.c.assessor_id == assessor_id, UNITS.c.tier == tier, UNITS.c.assessed.is_(True))
        .order_by(UNITS.c.code)
    )
    return tuple(connection.execute(query).scalars())
