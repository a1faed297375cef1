"""Which bureau leads a special target (专项目标的牵头部门)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from processes.cycle.reading import cycle_of, scheme_of
from processes.data.tables import rows_of
from processes.planning.participants import units_named
from processes.planning.steps import UNITS


def lead_of_target(connection: Connection, target: Mapping[str, Any]) -> dict[str, Any] | None:
    """The bureau that leads a target (its row), {id, name, code}; None for others and for its own."""
    if target["kind"] != "special":
        return None
    names = {row["target_code"]: row["first_lead_unit"] for row in rows_of("special_targets")}
    name = names.get(str(target["code"]))
    cycle = cycle_of(connection, target["cycle_id"])
    groups = scheme_of(connection, target["cycle_id"])["unitGroups"]
    units = units_named(connection, assessor_id=cycle["assessor_id"], groups=groups)
    lead_id = units.find(name) if name else None
    if lead_id is None or lead_id == target["unit_id"]:
        return None
    query = select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id == lead_id)
    return dict(connection.execute(query).mappings().one())
