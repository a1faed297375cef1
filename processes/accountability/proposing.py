"""Before anything follows: the office confirms, the unit states its case, the statement is weighed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.accountability.cases import (
    CASES,
    ORDER,
    Row,
    acts_of,
    as_passed,
    case_id_of,
    case_of,
    last_act,
    measures_of,
    move,
    move_measure,
    note,
)
from processes.accountability.flags import FLAGS, KINDS, TAKEN
from processes.evaluation.evidence import add_evidence
from processes.planning.entry import rows_in, text_of
from processes.planning.steps import UNITS
from processes.planning.telling import tell

OWNER = "case_act"
DROP = "drop"
STATE = "state"


class Proposals:
    """核定处理方案: what D19 proposes for each unit; each is kept, or dropped for a reason."""

    def read(self, step: StepContext) -> FormData:
        return {"measures": [row for case in self._cases(step) for row in rows_of(step, case)]}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return reasons_missing(data)

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        cases = self._cases(step)
        followed = []
        for case in cases:
            kept = decide_rows(step, case, data)
            note(step, case["id"], "confirmed", details={"kept": kept})
            if kept:
                unit = {"id": case["unit_id"], "name": case["unit_name"], "code": case["unit_code"]}
                followed.append({"unit": unit, "caseId": case["id"]})
            else:
                move(step, case["id"], state="dropped", closed_at=step.at)
        return {"cases": followed}

    def _cases(self, step: StepContext) -> list[Row]:
        query = (
            select(CASES.c.id)
            .join(UNITS, UNITS.c.id == CASES.c.unit_id)
            .where(CASES.c.cycle_id == step.cycle_id, CASES.c.state == "proposed")
            .order_by(UNITS.c.code)
        )
        return [case_of(step.connection, one) for one in step.connection.execute(query).scalars()]


class Statement:
    """陈述申辩: the unit sees what is proposed and why, and says what it has to say, or nothing."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        return {
            "unit_name": case["unit_name"],
            "why": why_of(step.connection, case),
            "measures": table_rows(step, case["id"]),
            "statement": "",
            "evidence": [],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == STATE and not text_of(data.get("statement")):
            return [FieldError("statement", "missing", "请写明陈述的事实和理由；没有异议的，点“没有异议”")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        stated = outcome == STATE
        act_id = note(
            step,
            case_id_of(step),
            "stated" if stated else "accepted",
            text=text_of(data.get("statement")) if stated else "",
        )
        if stated:
            add_evidence(step, owner_kind=OWNER, owner_id=act_id, files=data.get("evidence"))
        move(step, case_id_of(step), state="heard")
        return {}


class Weighing:
    """研究陈述: with the statement before one's eyes each measure is kept or dropped; {kept: how many}."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        said = last_act(step.connection, case["id"], "stated")
        return {
            "unit_name": case["unit_name"],
            "why": why_of(step.connection, case),
            "statement": said["text"] if said else "",
            "measures": rows_of(step, case),
            "opinion_text": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return reasons_missing(data)

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        case = case_of(step.connection, case_id_of(step))
        kept = decide_rows(step, case, data)
        note(step, case["id"], "weighed", text=text_of(data.get("opinion_text")), details={"kept": kept})
        if not kept:
            move(step, case["id"], state="dropped", closed_at=step.at)
        return {"kept": Decimal(kept)}


def begin(call: ServiceCall) -> dict[str, Value]:
    """开始处理: {orders: one or none, recommendations: [{id, measure}]}; the diagram's posts are told."""
    case_id = case_id_of(call)
    if not acts_of(call.connection, case_id, "stated", "accepted"):
        note(call, case_id, "silent")
    kept = measures_of(call.connection, case_id, states=("kept",))
    move(call, case_id, state="open")
    note(call, case_id, "begun")
    tell(call, measures=[row["measure"] for row in kept])
    return {
        "orders": [case_id] if any(row["way"] == ORDER for row in kept) else [],
        "recommendations": as_passed(kept),
    }


def rows_of(step: StepContext, case: Row) -> list[dict[str, Any]]:
    """The measures that are not dropped, as rows in which each is kept or dropped."""
    why = why_of(step.connection, case)
    return [
        {
            "id": row["id"],
            "locked": True,
            "unit": case["unit_name"],
            "why": why,
            "measure": row["measure"],
            "basis": row["basis"],
            "authority": row["authority"] if row["way"] == ORDER else f"建议{row['authority']}决定",
            "decision": "keep",
            "reason": "",
        }
        for row in measures_of(step.connection, case["id"], states=("proposed", "kept"))
    ]


def table_rows(step: StepContext, case_id: str) -> list[dict[str, Any]]:
    """The measures that are not dropped, to be read."""
    return [
        {"measure": row["measure"], "basis": row["basis"], "authority": row["authority"]}
        for row in measures_of(step.connection, case_id)
        if row["state"] != "dropped"
    ]


def reasons_missing(data: FormData) -> list[FieldError]:
    """A measure is not dropped without saying why."""
    return [
        FieldError(f"measures.{index}.reason", "missing", "请写明不采用的理由")
        for index, row in enumerate(rows_in(data, "measures"))
        if row.get("decision") == DROP and not text_of(row.get("reason"))
    ]


def decide_rows(step: StepContext, case: Row, data: FormData) -> int:
    """Store what was said of each measure of a case; how many are kept. What is not said is kept."""
    given = {str(row.get("id")): row for row in rows_in(data, "measures")}
    kept = 0
    for row in measures_of(step.connection, case["id"], states=("proposed", "kept")):
        said: Mapping[str, Any] = given.get(row["id"], {})
        dropped = said.get("decision") == DROP
        kept += not dropped
        move_measure(
            step,
            row["id"],
            state="dropped" if dropped else "kept",
            reason=text_of(said.get("reason")) if dropped else "",
        )
    return kept


def why_of(connection: Connection, case: Row) -> str:
    """Grade, veto and flags of a case, in words."""
    facts = case["facts"]
    words = []
    if facts.get("grade"):
        years = f"（连续 {facts['streak']} 年）" if int(facts["streak"]) > 1 else ""
        words.append(f"等次“{facts['grade']}”{years}")
    if facts.get("vetoed"):
        words.append("一票否决")
    query = (
        select(FLAGS.c.kind, FLAGS.c.reason)
        .join(TAKEN, TAKEN.c.flag_id == FLAGS.c.id)
        .where(TAKEN.c.case_id == case["id"])
        .order_by(FLAGS.c.id)
    )
    words += [f"{KINDS.get(row.kind, row.kind)}：{row.reason}" for row in connection.execute(query)]
    return "；".join(words)
