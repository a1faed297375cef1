"""What every binding of planning asks of a step: which unit, which round, which plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.ids import new_id
from engine.people.tables import Unit
from engine.store.prepared import rows_by
from engine.work.bindings import StepContext
from processes.planning.records import UnitPlan
from processes.tables import table_of

PLANS = table_of(UnitPlan)
UNITS = table_of(Unit)


class StepWithoutUnit(Exception):
    """A step that works on one unit's targets runs in an instance that has no `unit`."""

    def __init__(self, element_id: str) -> None:
        super().__init__(f"步骤 {element_id} 没有单位：流程变量 unit 应为 {{id, name, code}}")
        self.element_id = element_id


def unit_of(step: StepContext) -> Mapping[str, Any]:
    """The variable `unit` {id, name, code}. Raises: StepWithoutUnit."""
    unit = step.variables.get("unit")
    if not isinstance(unit, Mapping) or not unit.get("id"):
        raise StepWithoutUnit(step.element_id)
    return unit


def round_of(step: StepContext) -> int:
    """Which round of the plan this is, from 1."""
    return int(step.variables.get("round") or 1)


def plan_of(connection: Connection, *, cycle_id: str, unit_id: str) -> Mapping[str, Any]:
    """The unit's plan row; a fresh one, not stored, when planning has not begun."""
    row = rows_by(PLANS, "cycle_id", "unit_id").row(connection, cycle_id=cycle_id, unit_id=unit_id)
    return row if row is not None else _fresh(connection, cycle_id, unit_id)


def open_plans(connection: Connection, cycle_id: str, unit_ids: Sequence[str]) -> None:
    """Store a plan for each of these units that has none in the cycle."""
    planned = set(connection.execute(select(PLANS.c.unit_id).where(PLANS.c.cycle_id == cycle_id)).scalars())
    plans = [_fresh(connection, cycle_id, unit_id) for unit_id in unit_ids if unit_id not in planned]
    if plans:
        connection.execute(insert(PLANS), plans)


def _fresh(connection: Connection, cycle_id: str, unit_id: str) -> dict[str, Any]:
    graded = connection.execute(select(UNITS.c.assessed).where(UNITS.c.id == unit_id)).scalar_one()
    return {
        "id": new_id(),
        "cycle_id": cycle_id,
        "unit_id": unit_id,
        "graded": bool(graded),
        "round": 1,
        "state": "drafting",
        "remark": "",
    }


def mark_plan(
    connection: Connection,
    *,
    cycle_id: str,
    unit_id: str,
    state: str,
    round_number: int | None = None,
    remark: str | None = None,
    reported_at: datetime | None = None,
    passed_at: datetime | None = None,
) -> None:
    """Move a unit's plan to `state`; what is None stays as it is."""
    open_plans(connection, cycle_id, [unit_id])
    changes = {
        "round": round_number,
        "remark": remark,
        "reported_at": reported_at,
        "passed_at": passed_at,
    }
    kept = {name: value for name, value in changes.items() if value is not None}
    connection.execute(
        update(PLANS)
        .where(PLANS.c.cycle_id == cycle_id, PLANS.c.unit_id == unit_id)
        .values(state=state, **kept)
    )
