"""录入分项: marks that come from outside, each with its basis; a newer mark names the one it replaces."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, insert

from engine.ids import new_id
from processes.evaluation.grading.marks import SCORES, Component, counting_scores

Mark = tuple[Component, Decimal, str]
"""A component, its mark, and what the mark rests on."""


def fault_of(component: Component, value: Decimal) -> str:
    """What is wrong with a mark of this component, as a sentence; empty when nothing is."""
    if component.kind == "flag":
        return "" if value in (0, 1) else "一票否决写 1（有）或 0（没有）"
    if value < 0:
        return f"“{component.label}”不能小于 0"
    if component.best is not None and value > component.best:
        return f"“{component.label}”应当是 0 至 {component.best} 的数"
    return ""


def enter_marks(
    connection: Connection,
    *,
    cycle_id: str,
    unit_id: str,
    marks: Sequence[Mark],
    by: str | None,
    by_unit: str | None,
    at: datetime,
    method: str = "body",
    inputs: dict[str, object] | None = None,
) -> list[str]:
    """Add marks to the ledger; each replaces the unit's newest whole mark of its component. Their ids."""
    before = {
        row["component"]: row["id"]
        for row in counting_scores(connection, cycle_id, unit_id=unit_id)
        if row["target_id"] is None
    }
    rows: list[dict[str, object]] = [
        {
            "id": new_id(),
            "cycle_id": cycle_id,
            "unit_id": unit_id,
            "component": component.key,
            "target_id": None,
            "value": value,
            "of": component.best if component.best is not None else value,
            "method": method,
            "basis": basis,
            "inputs_json": inputs or {},
            "rules_json": [],
            "decision_version_id": None,
            "scored_by": by,
            "scored_unit_id": by_unit,
            "scored_at": at,
            "replaces_id": before.get(component.key),
        }
        for component, value, basis in marks
    ]
    if rows:
        connection.execute(insert(SCORES), rows)
    return [str(row["id"]) for row in rows]
