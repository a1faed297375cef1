"""Versions of a target: its whole content (figures, milestones, weight, who, how) at one moment.

A version is what was signed or issued: assigned targets when they reach a unit (任务下达), what a unit's
head signs (签发) where it differs from before, what the office corrects after an objection, what is issued
under a document (下达), what is assigned later and what a unit answers to that (确认). What a division or
a liaison saves on the way is a draft and no version; so a correction after a return becomes one when the
head signs it again. Versions are only ever added: the database refuses to change or delete one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from engine.ids import new_id
from engine.people.tables import Unit
from engine.store.prepared import Prepared
from processes.planning.records import Milestone, Target, TargetMeasure, TargetVersion
from processes.tables import table_of

VERSIONS = table_of(TargetVersion)
LAST = (
    select(VERSIONS.c.target_id, func.max(VERSIONS.c.number).label("number"))
    .where(VERSIONS.c.target_id.in_(bindparam("target_ids", expanding=True)))
    .group_by(VERSIONS.c.target_id)
    .subquery()
)
NEWEST_VERSIONS = Prepared(
    select(VERSIONS).join(
        LAST, (LAST.c.target_id == VERSIONS.c.target_id) & (LAST.c.number == VERSIONS.c.number)
    )
)
TARGETS = table_of(Target)
MEASURES = table_of(TargetMeasure)
MILESTONES = table_of(Milestone)
DIVISIONS = table_of(Unit).alias("division")

CONTENT = ("title", "text", "figures", "weight", "division", "responsible", "measures")
"""The columns that make a version differ from another."""


@dataclass(frozen=True)
class Occasion:
    """Why a version is written: the paper or act (`basis`, with the paper's date), when, by whom, where."""

    basis: str
    at: datetime
    basis_on: date | None = None
    by_person: str | None = None
    instance_id: str | None = None


def add_versions(
    connection: Connection, target_ids: Collection[str], occasion: Occasion, *, only_changed: bool = False
) -> dict[str, int]:
    """Write down what targets say now; the new versions' numbers (1, 2, …) by target id.

    With `only_changed` a target whose newest version says the same gets none. Six statements for any number.
    """
    newest = newest_versions(connection, target_ids)
    rows = []
    for target_id, content in _contents(connection, target_ids).items():
        last = newest.get(target_id)
        if only_changed and last is not None and same_content(last, content):
            continue
        number = int(last["number"]) + 1 if last is not None else 1
        rows.append(
            {
                "id": new_id(),
                "target_id": target_id,
                "number": number,
                **content,
                "basis": occasion.basis,
                "basis_on": occasion.basis_on,
                "by_person": occasion.by_person,
                "made_at": occasion.at,
                "instance_id": occasion.instance_id,
            }
        )
    if rows:
        connection.execute(insert(VERSIONS), rows)
    return {row["target_id"]: row["number"] for row in rows}


def add_version(connection: Connection, target_id: str, occasion: Occasion) -> int:
    """Write down what one target says now; the version's number."""
    return add_versions(connection, [target_id], occasion)[target_id]


def newest_versions(connection: Connection, target_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The newest version of each of these targets that has one."""
    if not target_ids:
        return {}
    rows = NEWEST_VERSIONS.rows(connection, target_ids=list(target_ids))
    return {row["target_id"]: row for row in rows}


def version_numbered(connection: Connection, target_id: str, number: int) -> Mapping[str, Any]:
    """One version of a target."""
    query = select(VERSIONS).where(VERSIONS.c.target_id == target_id, VERSIONS.c.number == number)
    return dict(connection.execute(query).mappings().one())


def versions_of(connection: Connection, *, cycle_id: str, unit_id: str) -> dict[str, list[dict[str, Any]]]:
    """All versions of a unit's targets of a cycle, oldest first, by target id; also of those taken back."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = connection.execute(
        select(VERSIONS)
        .where(VERSIONS.c.unit_id == unit_id, VERSIONS.c.cycle_id == cycle_id)
        .order_by(VERSIONS.c.code, VERSIONS.c.target_id, VERSIONS.c.number)
    ).mappings()
    for row in rows:
        found.setdefault(row["target_id"], []).append(dict(row))
    return found


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two versions say the same?"""
    return all(one[name] == other[name] for name in CONTENT)


def _contents(connection: Connection, target_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    figures = _figures(connection, target_ids)
    rows = connection.execute(
        select(TARGETS, DIVISIONS.c.short_name.label("division_name"))
        .join(DIVISIONS, DIVISIONS.c.id == TARGETS.c.division_id, isouter=True)
        .where(TARGETS.c.id.in_(list(target_ids)))
        .order_by(TARGETS.c.unit_id, TARGETS.c.position, TARGETS.c.code)
    ).mappings()
    named = ("cycle_id", "unit_id", "code", "kind", "title", "text", "weight", "responsible", "measures")
    return {
        row["id"]: {
            **{name: row[name] for name in named},
            "division": row["division_name"] or "",
            "figures": figures.get(row["id"], []),
        }
        for row in rows
    }


def _figures(connection: Connection, target_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    mine = MEASURES.c.target_id.in_(list(target_ids))
    rows = connection.execute(
        select(MEASURES).where(mine).order_by(MEASURES.c.target_id, MEASURES.c.position)
    )
    points = _milestones(connection, select(MEASURES.c.id).where(mine))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.mappings():
        figure = {
            "measure": row["id"],
            "name": row["name"],
            "unit": row["unit"],
            "comparator": row["comparator"],
            "value": exact_text(row["value"]),
            "awaits": row["awaits"],
            "milestones": points.get(row["id"], {}),
        }
        found.setdefault(row["target_id"], []).append(figure)
    return found


def _milestones(connection: Connection, measures: Any) -> dict[str, dict[str, str | None]]:
    rows = connection.execute(
        select(MILESTONES).where(MILESTONES.c.measure_id.in_(measures)).order_by(MILESTONES.c.month)
    )
    found: dict[str, dict[str, str | None]] = {}
    for row in rows:
        found.setdefault(row.measure_id, {})[str(row.month)] = exact_text(row.value)
    return found


def exact_text(value: Decimal | None) -> str | None:
    """A decimal as people write it: no exponent, no zeros at the end."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
