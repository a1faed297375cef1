"""Records of the steps of the leaders' evaluation: scope, the turn of one leader, results."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from engine.ids import new_id
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.evaluation.ballots.boxes import FEWEST, spent_in
from processes.evaluation.ballots.casting import box_of, is_spent
from processes.evaluation.ballots.leader_reading import (
    RESULTS,
    SCOPES,
    UNITS,
    assessed_units,
    evaluation_of,
    mark_evaluation,
    units_before,
)


def _evaluation(step: StepContext) -> Mapping[str, Any]:
    return evaluation_of(step.connection, str(step.variables["evaluationId"]))


class Scope:
    """确定打分范围: all leaders score all units, or each those under the own remit."""

    def read(self, step: StepContext) -> FormData:
        evaluation = _evaluation(step)
        return {
            "by_duty": evaluation["by_duty"],
            "closes_on": evaluation["closes_on"].isoformat(),
            "unit_options": [
                {"label": unit["name"], "value": unit["id"]}
                for unit in assessed_units(step.connection, step.cycle_id)
            ],
            "leaders": [
                {
                    "id": leader["id"],
                    "name": leader["name"],
                    "units": [
                        unit["id"] for unit in units_before(step.connection, evaluation["id"], leader["id"])
                    ],
                }
                for leader in step.variables["leaders"]
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        errors = []
        if date.fromisoformat(data["closes_on"]) <= step.today:
            errors.append(FieldError("closes_on", "past", "截止日期应晚于今天，否则没有人来得及打分"))
        rows = data.get("leaders") or []
        if data.get("by_duty") and not any(row.get("units") for row in rows):
            errors.append(FieldError("leaders", "missing", "请至少给一位领导填写分管的单位"))
        return errors

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        evaluation, by_duty = _evaluation(step), bool(data.get("by_duty"))
        every = [unit["id"] for unit in assessed_units(step.connection, step.cycle_id)]
        remit = {str(row["id"]): set(row.get("units") or []) for row in data.get("leaders") or []}
        rows = [
            {"id": new_id(), "evaluation_id": evaluation["id"], "person_id": leader["id"], "unit_id": unit}
            for leader in step.variables["leaders"]
            for unit in every
            if not by_duty or unit in remit.get(leader["id"], ())
        ]
        step.connection.execute(delete(SCOPES).where(SCOPES.c.evaluation_id == evaluation["id"]))
        step.connection.execute(insert(SCOPES), rows)
        closes = date.fromisoformat(data["closes_on"])
        mark_evaluation(step.connection, evaluation["id"], by_duty=by_duty, closes_on=closes)
        return {}


class Cast:
    """给单位打分: the marks go into the box on a page of their own; this step only knows whether they did."""

    def read(self, step: StepContext) -> FormData:
        evaluation = _evaluation(step)
        mine = units_before(step.connection, evaluation["id"], str(step.variables["leader"]["id"]))
        return {
            "turn_id": step.instance_id,
            "unit_count": len(mine),
            "until": evaluation["closes_on"].isoformat(),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if step.person_id != step.variables["leader"]["id"]:
            return [FieldError("", "other", "打分不能代办，请由本人投票")]
        box = box_of(step.connection, _evaluation(step)["box_id"])
        if is_spent(step.connection, box, step.instance_id):
            return []
        return [FieldError("", "missing", "还没有投票。请打开打分页，打分并提交，本任务就办结了")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Results:
    """核对考评结果: means by unit; those of few are not shown, those of one leader are marked as such."""

    def read(self, step: StepContext) -> FormData:
        evaluation = _evaluation(step)
        query = (
            select(RESULTS, UNITS.c.name)
            .join(UNITS, UNITS.c.id == RESULTS.c.unit_id)
            .where(RESULTS.c.evaluation_id == evaluation["id"])
            .order_by(UNITS.c.code)
        )
        return {
            "eligible": len(step.variables["leaders"]),
            "cast": spent_in(step.connection, evaluation["box_id"]),
            "units": [shown_result(dict(row)) for row in step.connection.execute(query).mappings()],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


def shown_result(row: Mapping[str, Any]) -> dict[str, Any]:
    """A unit's result as it may be shown: name, eligible, valid, mean, remark."""
    small = row["valid"] < FEWEST
    mean = "" if small or row["mean"] is None else str(round(Decimal(row["mean"]), 4))
    return {
        "name": row["name"],
        "eligible": row["eligible"],
        "valid": f"少于 {FEWEST} 份" if small else str(row["valid"]),
        "mean": mean,
        "remark": _remark(row, small=small),
    }


def _remark(row: Mapping[str, Any], *, small: bool) -> str:
    if row["confidential"]:
        return "只有一位领导打分：保密，非秘密；计分，不显示"
    if not row["enough"]:
        return "有效打分不够，不计分"
    return "计分，不显示" if small else ""
