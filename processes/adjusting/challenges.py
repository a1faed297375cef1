"""Challenges that count (挑战指标): the facts, and what scoring is told of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.adjusting.records import ChallengeFact
from processes.tables import table_of

FACTS = table_of(ChallengeFact)


def put_fact(
    step: StepContext,
    case: Mapping[str, Any],
    *,
    measure_id: str,
    value: Decimal,
    basis: str,
    stands: bool = True,
    is_key: bool = False,
    decision_id: str | None = None,
) -> None:
    """Add a fact about a case's target in place of the one that counted before."""
    before = standing_facts(step.connection, cycle_id=case["cycle_id"], unit_id=case["unit_id"])
    last = before.get(str(case["target_id"]))
    insert_row(
        step.connection,
        FACTS,
        id=new_id(),
        case_id=case["id"],
        cycle_id=case["cycle_id"],
        unit_id=case["unit_id"],
        target_id=case["target_id"],
        measure_id=measure_id,
        value=value,
        stands=stands,
        is_key=is_key,
        basis=basis,
        decision_id=decision_id,
        made_at=step.at,
        instance_id=step.instance_id,
        replaces_id=last["id"] if last else None,
    )


def standing_facts(
    connection: Connection, *, cycle_id: str, unit_id: str | None = None
) -> dict[str, dict[str, Any]]:
    """The challenges of a cycle (of a unit) that count, by target."""
    mine = [FACTS.c.unit_id == unit_id] if unit_id is not None else []
    query = select(FACTS).where(FACTS.c.cycle_id == cycle_id, *mine).order_by(FACTS.c.id)
    newest = {row["target_id"]: dict(row) for row in connection.execute(query).mappings()}
    return {target_id: row for target_id, row in newest.items() if row["stands"]}
