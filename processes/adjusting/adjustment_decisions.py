"""Records of P05's decisions: the office approves, or a body's decision is registered (代录)."""

from datetime import date
from typing import Any

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.adjusting.adjustment_steps import AdjustmentCard
from processes.adjusting.cases import add_act, case_at
from processes.cycle.documents import number_taken, proposed_number, put_document
from processes.cycle.reading import cycle_of, scheme_of
from processes.planning.entry import text_of
from processes.planning.meetings import day_of, record_decision

KIND = "adjustment"
"""The kind of document of the profile's `documents`."""


class OfficeDecision(AdjustmentCard):
    """审批调整: the head of the office agrees under a document of the office, or refuses."""

    def read(self, step: StepContext) -> FormData:
        cycle = cycle_of(step.connection, step.cycle_id)
        number = proposed_number(step.connection, cycle, kind=KIND)
        return {**super().read(step), "document_number": number, "effective_on": _proposed_day(step, cycle)}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "refuse":
            return _reason_missing(data)
        found = _effective_faults(step, data)
        number = text_of(data.get("document_number"))
        if not number:
            found.append(FieldError("document_number", "missing", "请填写文号"))
        elif number_taken(step.connection, step.cycle_id, number):
            found.append(FieldError("document_number", "taken", "这个文号已经用过"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == "refuse":
            return {"approved": False, "refusedBecause": text_of(data.get("remark"))}
        case, cycle = case_at(step), cycle_of(step.connection, step.cycle_id)
        number = text_of(data.get("document_number"))
        label = scheme_of(step.connection, step.cycle_id)["documents"][KIND]["label"]
        put_document(
            step.connection,
            cycle,
            kind=KIND,
            number=number,
            title=f"{label}：{case.row['label']}",
            issued_on=step.today,
            instance_id=step.instance_id,
        )
        return _approved(step, data, document=number, on=step.today, decision_id=None)


class BodyDecision(AdjustmentCard):
    """登记批准决定: what the committee or the government decided, when, under which number."""

    def read(self, step: StepContext) -> FormData:
        cycle = cycle_of(step.connection, step.cycle_id)
        return {
            **super().read(step),
            "body": step.on_behalf,
            "result": None,
            "effective_on": _proposed_day(step, cycle),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if data.get("result") == "refused":
            return _reason_missing(data)
        return _effective_faults(step, data)

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        decision_id = record_decision(step, data)
        if data.get("result") == "refused":
            return {"approved": False, "refusedBecause": text_of(data.get("remark"))}
        return _approved(
            step,
            data,
            document=text_of(data.get("document_number")),
            on=day_of(data.get("decided_on")) or step.today,
            decision_id=decision_id,
        )


def _approved(
    step: StepContext, data: FormData, *, document: str, on: date, decision_id: str | None
) -> dict[str, Value]:
    facts = {"document": document, "decision": decision_id, "body": step.on_behalf or ""}
    add_act(step, case_at(step).id, "approved", text=text_of(data.get("remark")), facts=facts)
    return {
        "approved": True,
        "document": document,
        "documentOn": on,
        "decisionId": decision_id,
        "effectiveOn": day_of(data.get("effective_on")) or step.today,
    }


def _proposed_day(step: StepContext, cycle: Any) -> str:
    """Today, or the nearest day of the cycle's year."""
    year = int(cycle["year"])
    return min(max(step.today, date(year, 1, 1)), date(year, 12, 31)).isoformat()


def _effective_faults(step: StepContext, data: FormData) -> list[FieldError]:
    day, year = day_of(data.get("effective_on")), int(cycle_of(step.connection, step.cycle_id)["year"])
    if day is None:
        return [FieldError("effective_on", "missing", "请填写从哪一天起执行")]
    if day.year != year:
        return [
            FieldError("effective_on", "other_year", f"执行日期应在 {year} 年内：调整的是 {year} 年度目标")
        ]
    return []


def _reason_missing(data: FormData) -> list[FieldError]:
    if text_of(data.get("remark")):
        return []
    return [FieldError("remark", "missing", "不同意时请写明理由，单位会收到")]
