"""选取关键性挑战指标: the office proposes some of the year's challenges, the committee chooses.

Source: 004_7fcb70e31656ebad.txt, 三(三)2: 全市每年选取适量挑战指标作为关键性挑战指标.
"""

from typing import Any

from sqlalchemy import Connection, select

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.adjusting.cases import CASES, add_act
from processes.adjusting.challenges import put_fact, standing_facts
from processes.planning.entry import rows_in, text_of
from processes.planning.meetings import record_decision
from processes.planning.reading import TARGETS, views
from processes.planning.steps import UNITS
from processes.planning.versions import exact_text

KEY = "key"


class KeyProposal:
    """拟选: which of the challenges the office would choose."""

    def read(self, step: StepContext) -> FormData:
        proposed = step.variables.get("proposed") or []
        rows = challenge_rows(step.connection, step.cycle_id)
        return {"rows": [{**_plain(row), "proposed": row["is_key"] or row["id"] in proposed} for row in rows]}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if any(row.get("proposed") for row in rows_in(data, "rows")):
            return []
        return [FieldError("rows", "missing", "请至少拟选一项")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {"proposed": [str(row["id"]) for row in rows_in(data, "rows") if row.get("proposed")]}


class KeyDecision:
    """登记选取决定: which challenges the committee made key ones; whom to tell."""

    def read(self, step: StepContext) -> FormData:
        proposed = step.variables.get("proposed") or []
        return {
            "body": step.on_behalf,
            "rows": [
                {
                    **_plain(row),
                    "proposal": "拟选" if row["id"] in proposed else "",
                    "decision": KEY if row["id"] in proposed else "general",
                }
                for row in challenge_rows(step.connection, step.cycle_id)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        decision_id, number = record_decision(step, data), text_of(data.get("document_number"))
        said = {str(row["id"]): row.get("decision") == KEY for row in rows_in(data, "rows")}
        chosen = []
        for row in challenge_rows(step.connection, step.cycle_id):
            is_key = said.get(row["id"], row["is_key"])
            if is_key and not row["is_key"]:
                chosen.append(row)
            if is_key != row["is_key"]:
                _decide(step, row, is_key=is_key, basis=number, decision_id=decision_id)
        units = {row["unit"]["id"]: row["unit"] for row in chosen}
        targets = "、".join(f"{row['unit_name']}“{row['target']}”" for row in chosen)
        return {"chosen": list(units.values()), "chosenTargets": targets}


def challenge_rows(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The standing challenges of a cycle in the order of their units, as forms and pages show them.

    Each: `id` (the case), `unit_name`, `target`, `goal`, `value`, `is_key`, and for programs `unit`, `fact`.
    """
    facts = standing_facts(connection, cycle_id=cycle_id)
    targets = {one.id: one for one in views(connection, select(TARGETS).where(TARGETS.c.id.in_(facts)))}
    units = _units(connection, {str(fact["unit_id"]) for fact in facts.values()})
    rows = []
    for target_id, fact in facts.items():
        target, unit = targets[target_id], units[fact["unit_id"]]
        measure = next(one for one in target.measures if one.id == fact["measure_id"])
        row = {
            "id": fact["case_id"],
            "unit_name": unit["name"],
            "target": target.label,
            "goal": f"{measure.row['name']} {measure.shown()}",
            "value": f"{exact_text(fact['value'])}{measure.row['unit']}",
            "is_key": bool(fact["is_key"]),
            "unit": unit,
            "fact": fact,
        }
        rows.append(row)
    return sorted(rows, key=lambda row: (row["unit"]["code"], row["target"]))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what only programs read."""
    return {name: value for name, value in row.items() if name not in ("unit", "fact", "is_key")}


def _decide(step: StepContext, row: dict[str, Any], *, is_key: bool, basis: str, decision_id: str) -> None:
    case = dict(step.connection.execute(select(CASES).where(CASES.c.id == row["id"])).mappings().one())
    fact = row["fact"]
    put_fact(
        step,
        case,
        measure_id=fact["measure_id"],
        value=fact["value"],
        basis=basis,
        is_key=is_key,
        decision_id=decision_id,
    )
    add_act(step, row["id"], KEY if is_key else "accepted", text=basis)


def _units(connection: Connection, unit_ids: set[str]) -> dict[str, dict[str, Any]]:
    query = select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id.in_(unit_ids))
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}
