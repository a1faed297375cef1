"""Records of the city's steps before the decision: joint review, returned units, the public's comments."""

from typing import Any

from sqlalchemy import Connection, func, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.planning.decisions import Consultation, ConsultationComment, ReviewRemark
from processes.planning.entry import TARGETS, rows_in, text_of
from processes.planning.steps import PLANS, UNITS, mark_plan, round_of
from processes.planning.unit_steps import Unchecked
from processes.tables import table_of

REMARKS = table_of(ReviewRemark)
CONSULTATIONS = table_of(Consultation)
COMMENTS = table_of(ConsultationComment)

ADOPTED = {"yes": True, "partly": True, "no": False}


class JointReview:
    """联合审核: one body (the input `body`) passes all units, or names those it returns and why.

    The input `reviews` says which units lie before it: those whose plan is in one of these states.
    """

    def read(self, step: StepContext) -> FormData:
        units = self._units(step)
        return {
            "body": str(step.variables["body"]),
            "units": units,
            "unit_options": [{"label": unit["name"], "value": unit["id"]} for unit in units],
            "remarks": [],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        remarks = rows_in(data, "remarks")
        if outcome == "return" and not remarks:
            return [FieldError("remarks", "missing", "退回时请写明单位和意见")]
        if outcome == "approve" and remarks:
            return [FieldError("remarks", "unexpected", "填写了退回意见，请选择“退回”，或先删除这些意见")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        known = {unit["id"] for unit in self._units(step)}
        for row in rows_in(data, "remarks"):
            if outcome == "return" and row.get("unit") in known:
                insert_row(
                    step.connection,
                    REMARKS,
                    id=new_id(),
                    cycle_id=step.cycle_id,
                    unit_id=row["unit"],
                    body=str(step.variables["body"]),
                    round=round_of(step),
                    text=text_of(row.get("text")),
                    by_person=step.person_id,
                    made_at=step.at,
                    instance_id=step.instance_id,
                )
        return {}

    def _units(self, step: StepContext) -> list[dict[str, Any]]:
        units = unit_summaries(step.connection, step.cycle_id)
        return [unit for unit in units if unit["state"] in step.variables["reviews"]]


class ReturnedUnits:
    """处理退回意见: the office chooses the units that report again and forwards the opinions."""

    def read(self, step: StepContext) -> FormData:
        return {"units": self._units(step)}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if any(row.get("chosen") for row in rows_in(data, "units")):
            return []
        return [FieldError("units", "missing", "请至少选择一个需要重新报送的单位")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        told = {
            str(row["id"]): text_of(row.get("forward")) for row in rows_in(data, "units") if row.get("chosen")
        }
        next_round = round_of(step) + 1
        units = [unit for unit in unit_references(step.connection, step.cycle_id) if unit["id"] in told]
        for unit in units:
            mark_plan(
                step.connection,
                cycle_id=step.cycle_id,
                unit_id=unit["id"],
                state="returned",
                round_number=next_round,
                remark=told[unit["id"]],
            )
        step.connection.execute(
            update(REMARKS)
            .where(REMARKS.c.instance_id == step.instance_id, REMARKS.c.forwarded_at.is_(None))
            .values(forwarded_at=step.at)
        )
        return {"units": units, "round": next_round}

    def _units(self, step: StepContext) -> list[dict[str, Any]]:
        query = (
            select(REMARKS.c.unit_id, REMARKS.c.body, REMARKS.c.text, UNITS.c.name)
            .join(UNITS, UNITS.c.id == REMARKS.c.unit_id)
            .where(REMARKS.c.instance_id == step.instance_id, REMARKS.c.forwarded_at.is_(None))
            .order_by(UNITS.c.code, REMARKS.c.id)
        )
        found: dict[str, dict[str, Any]] = {}
        for row in step.connection.execute(query):
            unit = found.setdefault(
                row.unit_id,
                {"id": row.unit_id, "locked": True, "name": row.name, "opinions": "", "chosen": True},
            )
            unit["opinions"] = "\n".join(filter(None, [unit["opinions"], f"{row.body}：{row.text}"]))
            unit["forward"] = unit["opinions"]
        return list(found.values())


class Comments(Unchecked):
    """汇总答复意见: an answer to each comment of the consultation, adopted or not."""

    def read(self, step: StepContext) -> FormData:
        query = (
            select(COMMENTS, UNITS.c.name.label("unit_name"))
            .join(UNITS, UNITS.c.id == COMMENTS.c.unit_id, isouter=True)
            .where(COMMENTS.c.consultation_id == step.variables["consultationId"])
            .order_by(COMMENTS.c.id)
        )
        rows = step.connection.execute(query).mappings()
        return {
            "comments": [
                {
                    "id": row["id"],
                    "locked": True,
                    "about": " · ".join(filter(None, [row["unit_name"], row["target_title"]])) or "全市目标",
                    "name": row["name"] or "未留名",
                    "text": row["text"],
                    "answer": row["answer"],
                    "adopted": None,
                }
                for row in rows
            ]
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        for row in rows_in(data, "comments"):
            step.connection.execute(
                update(COMMENTS)
                .where(
                    COMMENTS.c.id == row.get("id"),
                    COMMENTS.c.consultation_id == step.variables["consultationId"],
                    COMMENTS.c.answered_at.is_(None),
                )
                .values(
                    answer=text_of(row.get("answer")),
                    adopted=ADOPTED.get(str(row.get("adopted"))),
                    answered_at=step.at,
                )
            )
        return {}


def unit_references(connection: Connection, cycle_id: str) -> list[dict[str, Value]]:
    """The units that plan in a cycle, as diagrams pass them: {id, name, code}."""
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .join(PLANS, PLANS.c.unit_id == UNITS.c.id)
        .where(PLANS.c.cycle_id == cycle_id, PLANS.c.state != "left_out")
        .order_by(UNITS.c.code)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def unit_summaries(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """One row a unit: how many targets of each kind, how many without a figure, which round."""
    counts = {
        (row.unit_id, row.kind): row.how_many
        for row in connection.execute(
            select(TARGETS.c.unit_id, TARGETS.c.kind, func.count().label("how_many"))
            .where(TARGETS.c.cycle_id == cycle_id)
            .group_by(TARGETS.c.unit_id, TARGETS.c.kind)
        )
    }
    pending = {
        row.unit_id: row.how_many
        for row in connection.execute(
            select(TARGETS.c.unit_id, func.count().label("how_many"))
            .where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.pending.is_(True))
            .group_by(TARGETS.c.unit_id)
        )
    }
    query = (
        select(UNITS.c.id, UNITS.c.name, PLANS.c.round, PLANS.c.state, PLANS.c.remark)
        .join(PLANS, PLANS.c.unit_id == UNITS.c.id)
        .where(PLANS.c.cycle_id == cycle_id)
        .order_by(UNITS.c.code)
    )
    return [
        {
            "id": row.id,
            "name": row.name,
            "kpi": counts.get((row.id, "kpi"), 0),
            "special": counts.get((row.id, "special"), 0),
            "functions": counts.get((row.id, "function"), 0),
            "pending": pending.get(row.id, 0),
            "round": row.round,
            "state": row.state,
            "why": row.remark if row.state == "left_out" else "",
        }
        for row in connection.execute(query)
    ]
