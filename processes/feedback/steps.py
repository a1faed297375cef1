"""Records of the steps of feedback: the score sheet, an appeal on its way, the objections of the public."""

from typing import Any

from sqlalchemy import insert, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, RecordBinding, StepContext, Value
from processes.evaluation.grading.entering import fault_of
from processes.evaluation.grading.marks import counting_scores
from processes.evaluation.grading.reading import EVIDENCE, sheet_of
from processes.evaluation.grading.sealing import content_in
from processes.feedback.appeals import (
    APPEALS,
    component_of,
    facts_of,
    involved,
    last_review,
    note_act,
    read_appeal,
    reviewers_so_far,
)
from processes.feedback.objection_step import Objections
from processes.feedback.records import ScoreSheet
from processes.planning.entry import number_of, text_of
from processes.planning.meetings import record_decision
from processes.planning.steps import unit_of
from processes.tables import table_of

SHEETS = table_of(ScoreSheet)


class Unchecked:
    """A record whose form says everything that has to be checked."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []


class Sheet(Unchecked):
    """查阅成绩单: the unit's result; it confirms or says that it will appeal."""

    def read(self, step: StepContext) -> FormData:
        return {**_sheet(step), "until": step.variables["until"].isoformat()}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        step.connection.execute(
            update(SHEETS)
            .where(SHEETS.c.id == str(step.variables["sheetId"]))
            .values(outcome=outcome, answered_by=step.person_id, answered_at=step.at)
        )
        return {}


def _sheet(step: StepContext) -> dict[str, Any]:
    found = sheet_of(step.connection, step.cycle_id, str(unit_of(step)["id"]))
    assert found is not None  # a sheet is made of a grade
    return {
        name: found[name]
        for name in ("unit_name", "year", "total", "group", "rank", "members", "grade", "zone", "prior")
    } | {
        "lines": "".join(found["lines"]),
        "advice": found["advice"],
        "parts": [{k: v for k, v in part.items() if k != "scores"} for part in found["parts"]],
    }


class Filing:
    """填写申诉: one component, the mark that the unit claims, reasons and evidence."""

    def read(self, step: StepContext) -> FormData:
        shown = _sheet(step)
        marks = [part for part in shown["parts"] if part["best"]]
        before = self._before(step)
        return {
            "parts": shown["parts"],
            "component_options": [{"label": part["label"], "value": part["key"]} for part in marks],
            "component": before["component"] if before else None,
            "claimed": before["claimed"] if before else None,
            "text": before["text"] if before else "",
            "evidence": [],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        component = component_of(step.connection, step.cycle_id, str(data.get("component")))
        claimed = number_of(data.get("claimed"))
        if claimed is None:
            return []
        if fault := fault_of(component, claimed):
            return [FieldError("claimed", "range", fault)]
        if self._score(step, component.key)["value"] == claimed:
            return [FieldError("claimed", "same", "现在就是这个得分，请写明认为应得多少")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        appeal_id, component, before = new_id(), str(data.get("component")), self._before(step)
        insert_row(
            step.connection,
            APPEALS,
            id=appeal_id,
            cycle_id=step.cycle_id,
            unit_id=unit_of(step)["id"],
            sheet_id=str(step.variables["sheetId"]),
            score_id=self._score(step, component)["id"],
            component=component,
            claimed=number_of(data.get("claimed")),
            text=text_of(data.get("text")),
            filed_by=step.person_id,
            filed_at=step.at,
            instance_id=step.instance_id,
            replaces_id=before["id"] if before else None,
        )
        files = data.get("evidence")
        proofs = [
            {
                "id": new_id(),
                "cycle_id": step.cycle_id,
                "owner_kind": "appeal",
                "owner_id": appeal_id,
                "file_id": str(one),
                "caption": "申诉材料",
                "added_by": step.person_id,
                "added_at": step.at,
            }
            for one in (files if isinstance(files, list) else [])
        ]
        if proofs:
            step.connection.execute(insert(EVIDENCE), proofs)
        return {"appealId": appeal_id}

    def _before(self, step: StepContext) -> dict[str, Any] | None:
        """The wording that the head returned."""
        known = step.variables.get("appealId")
        return dict(read_appeal(step.connection, str(known))) if known else None

    def _score(self, step: StepContext, component: str) -> dict[str, Any]:
        rows = counting_scores(step.connection, step.cycle_id, unit_id=str(unit_of(step)["id"]))
        mine = [row for row in rows if row["component"] == component]
        whole = [row for row in mine if row["target_id"] is None] or mine
        return dict(whole[-1])


class _OnAppeal:
    """A step on the appeal `appealId`."""

    kind = ""

    def read(self, step: StepContext) -> FormData:
        appeal = read_appeal(step.connection, str(step.variables["appealId"]))
        return facts_of(step.connection, appeal, unit_name=str(unit_of(step)["name"]))

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note_act(
            step.connection,
            str(step.variables["appealId"]),
            self.kind,
            at=step.at,
            by=step.person_id,
            outcome=outcome,
        )
        return {}


class Signing(_OnAppeal):
    """签发申诉: the unit's head stands for it, or gives it back."""

    kind = "signed"


class Admission(_OnAppeal):
    """受理审查: the office admits the appeal or refuses it."""

    kind = "admitted"

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        super().write(step, data, outcome=outcome)
        return {"admittedOn": step.today}


class Review(_OnAppeal):
    """独立复核: by somebody who has neither scored, nor checked the grading, nor handled the appeal."""

    kind = "reviewed"

    def read(self, step: StepContext) -> FormData:
        return {**super().read(step), "value": None, "finding": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        appeal = read_appeal(step.connection, str(step.variables["appealId"]))
        if fault := _not_independent(step, appeal):
            return [FieldError("finding", "conflict", fault)]
        value = number_of(data.get("value"))
        if outcome != "uphold":
            return [] if value is None else [FieldError("value", "unexpected", "建议维持时不填复核得分")]
        if value is None:
            return [FieldError("value", "missing", "建议更正时请填复核得分")]
        component = component_of(step.connection, step.cycle_id, appeal["component"])
        fault = fault_of(component, value)
        return [FieldError("value", "range", fault)] if fault else []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note_act(
            step.connection,
            str(step.variables["appealId"]),
            self.kind,
            at=step.at,
            by=step.person_id,
            outcome=outcome,
            text=text_of(data.get("finding")),
            value=number_of(data.get("value")),
        )
        return {}


class Recheck(_OnAppeal):
    """核定复核意见: the head of the review, another person and independent too."""

    kind = "rechecked"

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        appeal = read_appeal(step.connection, str(step.variables["appealId"]))
        fault = _not_independent(step, appeal)
        if step.person_id in reviewers_so_far(step.connection, appeal["id"]):
            fault = "您复核过这项申诉，不能再核定。请由另一位核定。"
        return [FieldError("proposal", "conflict", fault)] if fault else []


def _not_independent(step: StepContext, appeal: Any) -> str:
    did = involved(step.connection, appeal).get(step.person_id or "")
    return f"您{did}，不能复核这项申诉。请由没有参加过的人复核。" if did else ""


class Ruling(_OnAppeal):
    """登记裁定: what the committee decided, with what the correction would change before its eyes."""

    kind = "ruled"

    def read(self, step: StepContext) -> FormData:
        trial = step.variables.get("trialId")
        rows = _changes(step, str(trial)) if trial else []
        return {**super().read(step), "body": step.on_behalf, "rows": rows, "decision": None, "reason": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        review = last_review(step.connection, str(step.variables["appealId"]))
        if data.get("decision") == "upheld" and (review is None or review["value"] is None):
            return [
                FieldError("decision", "no_mark", "复核没有给出更正的得分。要更正，请退回，由复核写明得分。")
            ]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        appeal_id, upheld = str(step.variables["appealId"]), data.get("decision") == "upheld"
        review = last_review(step.connection, appeal_id)
        note_act(
            step.connection,
            appeal_id,
            self.kind,
            at=step.at,
            by=step.person_id,
            outcome="upheld" if upheld else "dismissed",
            text=text_of(data.get("reason")),
            value=review["value"] if upheld and review else None,
            decision_id=record_decision(step, data),
        )
        return {"upheld": upheld}


def _changes(step: StepContext, trial_id: str) -> list[dict[str, str]]:
    """Whose result a trial changes: before and after, in words."""
    trial = content_in(step.connection, trial_id)
    before = content_in(step.connection, str(step.variables["comparedId"]))
    old = {one["unit"]: one for one in before["grades"]}
    return [
        {
            "group": one["group"],
            "unit": trial["names"][one["unit"]],
            "before": _result(old[one["unit"]]),
            "after": _result(one),
        }
        for one in trial["grades"]
        if _result(old[one["unit"]]) != _result(one)
    ]


def _result(one: dict[str, Any]) -> str:
    zone = f"，{one['zone']}区" if one["zone"] else ""
    return f"{one['total']} 分，第 {one['rank']} 名，{one['grade']}{zone}"


RECORDS: dict[str, RecordBinding] = {
    "feedback.score_sheet": Sheet(),
    "feedback.appeal_filing": Filing(),
    "feedback.appeal_signing": Signing(),
    "feedback.appeal_admission": Admission(),
    "feedback.appeal_review": Review(),
    "feedback.appeal_recheck": Recheck(),
    "feedback.appeal_ruling": Ruling(),
    "feedback.objections": Objections(),
}
