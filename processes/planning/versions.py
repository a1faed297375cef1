"""Versions of a target: what it was from one moment on. They are only ever added.

The database refuses to change or delete one (triggers of migration 0002).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.ids import new_id
from processes.planning.records import TargetMeasure, TargetVersion
from processes.tables import table_of

VERSIONS = table_of(TargetVersion)
MEASURES = table_of(TargetMeasure)


def add_version(
    connection: Connection,
    target_id: str,
    *,
    text: str,
    basis: str,
    at: datetime,
    by_person: str | None = None,
    instance_id: str | None = None,
) -> int:
    """Write down what the target's measures say now; the new version's number (1, 2, …)."""
    number = latest_number(connection, target_id) + 1
    connection.execute(
        insert(VERSIONS).values(
            id=new_id(),
            target_id=target_id,
            number=number,
            figures=_figures(connection, target_id),
            text=text,
            basis=basis,
            by_person=by_person,
            made_at=at,
            instance_id=instance_id,
        )
    )
    return number


def latest_number(connection: Connection, target_id: str) -> int:
    """The number of the newest version, 0 when there is none yet."""
    found = connection.execute(
        select(func.max(VERSIONS.c.number)).where(VERSIONS.c.target_id == target_id)
    ).scalar()
    return int(found or 0)


def versions_of(connection: Connection, target_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """All versions of some targets, oldest first, by target id."""
    found: dict[str, list[dict[str, Any]]] = {target_id: [] for target_id in target_ids}
    rows = connection.execute(
        select(VERSIONS)
        .where(VERSIONS.c.target_id.in_(list(target_ids)))
        .order_by(VERSIONS.c.target_id, VERSIONS.c.number)
    ).mappings()
    for row in rows:
        found[row["target_id"]].append(dict(row))
    return found


def _figures(connection: Connection, target_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(MEASURES).where(MEASURES.c.target_id == target_id).order_by(MEASURES.c.position)
    ).mappings()
    return [
        {
            "measure": row["id"],
            "name": row["name"],
            "unit": row["unit"],
            "comparator": row["comparator"],
            "value": exact_text(row["value"]),
            "awaits": row["awaits"],
        }
        for row in rows
    ]


def exact_text(value: Decimal | None) -> str | None:
    """A decimal as people write it: no exponent, no zeros at the end."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
