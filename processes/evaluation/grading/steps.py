"""Records of the steps of grading: missing marks, the two-person check, the committee, the city's leaders."""

from collections.abc import Mapping
from typing import Any

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, RecordBinding, StepContext, Value
from processes.accountability.flags import flags_said
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.content import Content
from processes.evaluation.grading.deciding import ADJUSTMENTS
from processes.evaluation.grading.entering import enter_marks, fault_of
from processes.evaluation.grading.marks import Gap, board_of, counting_scores
from processes.evaluation.grading.sealing import content_in
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.meetings import record_decision

REFUSED = "refused"


class MissingMarks:
    """补录分项: the office enters what the ledger still lacks, each mark with its basis."""

    def read(self, step: StepContext) -> FormData:
        gaps = board_of(step.connection, step.cycle_id).gaps
        return {
            "gaps": [
                {
                    "id": f"{gap.unit_id}/{gap.component.key}",
                    "locked": True,
                    "unit": gap.unit_name,
                    "component": gap.component.label,
                    "why": gap.why,
                    "best": format(gap.component.best or 0, "f"),
                    "value": None,
                    "basis": "",
                }
                for gap in gaps
            ]
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found = []
        gaps = _gaps(step)
        for index, row in enumerate(rows_in(data, "gaps")):
            gap, value = gaps.get(str(row.get("id"))), number_of(row.get("value"))
            if gap is None or value is None:
                continue
            if fault := fault_of(gap.component, value):
                found.append(FieldError(f"gaps.{index}.value", "range", fault))
            if not text_of(row.get("basis")):
                found.append(FieldError(f"gaps.{index}.basis", "missing", "请写明得分的依据"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        gaps = _gaps(step)
        for row in rows_in(data, "gaps"):
            gap, value = gaps.get(str(row.get("id"))), number_of(row.get("value"))
            if gap is not None and value is not None:
                enter_marks(
                    step.connection,
                    cycle_id=step.cycle_id,
                    unit_id=gap.unit_id,
                    marks=[(gap.component, value, text_of(row.get("basis")))],
                    by=step.person_id,
                    by_unit=step.unit_id,
                    at=step.at,
                )
        return {}


def _gaps(step: StepContext) -> dict[str, Gap]:
    gaps = board_of(step.connection, step.cycle_id).gaps
    return {f"{gap.unit_id}/{gap.component.key}": gap for gap in gaps}


class Check:
    """复核: one person of the office looks through the calculation; `approve` asks that it is still true."""

    def read(self, step: StepContext) -> FormData:
        content = _calculated(step)
        return {
            "rows": table_of_grades(content),
            "ties": ties_in(content),
            "flags": flags_said(step.connection, step.cycle_id),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome != "approve" or not marks_moved(step, _calculated(step)):
            return []
        return [FieldError("rows", "stale", "计算以后分项有改动：请退回，重新计算")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Deliberation:
    """绩效委审议: the meeting and its adjustments, each with its reason; ties at the cut are decided here."""

    def read(self, step: StepContext) -> FormData:
        content = _calculated(step)
        return {
            "body": step.on_behalf,
            "rows": table_of_grades(content),
            "ties": ties_in(content),
            "flags": flags_said(step.connection, step.cycle_id),
            "unit_options": [
                {"label": content["names"][one["unit"]], "value": one["unit"]} for one in content["grades"]
            ],
            "grade_options": [{"label": grade, "value": grade} for grade in grades_known(step)],
            "adjustments": [],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found, seen = [], set()
        computed = {one["unit"]: one["grade"] for one in _calculated(step)["grades"]}
        for index, row in enumerate(rows_in(data, "adjustments")):
            place, unit = f"adjustments.{index}", str(row.get("unit"))
            if unit not in computed:
                found.append(FieldError(f"{place}.unit", "unknown", "没有这个单位"))
            elif unit in seen:
                found.append(FieldError(f"{place}.unit", "twice", "这个单位写了两次"))
            elif row.get("grade") == computed[unit]:
                found.append(
                    FieldError(f"{place}.grade", "unchanged", f"计算的等次就是“{computed[unit]}”，不用调整")
                )
            if row.get("grade") not in grades_known(step):
                found.append(FieldError(f"{place}.grade", "unknown", "方案里没有这个等次"))
            if not text_of(row.get("reason")):
                found.append(FieldError(f"{place}.reason", "missing", "请写明调整的理由"))
            seen.add(unit)
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        decision_id = record_decision(step, data)
        computed = {one["unit"]: one["grade"] for one in _calculated(step)["grades"]}
        for row in rows_in(data, "adjustments"):
            insert_row(
                step.connection,
                ADJUSTMENTS,
                id=new_id(),
                cycle_id=step.cycle_id,
                snapshot_id=str(step.variables["snapshotId"]),
                decision_id=decision_id,
                unit_id=row["unit"],
                computed_grade=computed[str(row["unit"])],
                grade=row["grade"],
                reason=text_of(row.get("reason")),
                entered_by=step.person_id,
                entered_at=step.at,
            )
        return {"deliberationId": decision_id}


class Approval:
    """市委市政府审定: the result as the committee proposes it is approved, or goes back to the committee."""

    def read(self, step: StepContext) -> FormData:
        adjusted = {
            row.unit_id: row
            for row in step.connection.execute(
                ADJUSTMENTS.select().where(ADJUSTMENTS.c.decision_id == str(step.variables["deliberationId"]))
            )
        }
        rows = [
            {**row, "grade": adjusted[row["id"]].grade, "note": f"绩效委调整：{adjusted[row['id']].reason}"}
            if row["id"] in adjusted
            else row
            for row in table_of_grades(_calculated(step))
        ]
        return {"body": step.on_behalf, "rows": rows, "decision": None, "remark": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if data.get("decision") == REFUSED and not text_of(data.get("remark")):
            return [FieldError("remark", "missing", "请写明未通过的理由")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        decision_id = record_decision(step, data)
        return {"approvalId": decision_id, "approved": data.get("decision") != REFUSED}


def _calculated(step: StepContext) -> Content:
    return content_in(step.connection, str(step.variables["snapshotId"]))


def marks_moved(step: StepContext, content: Content) -> bool:
    """Whether scores were added or replaced since the calculation."""
    sealed = {row["id"] for rows in content["scores"].values() for row in rows}
    return sealed != {row["id"] for row in counting_scores(step.connection, step.cycle_id)}


def grades_known(step: StepContext) -> list[str]:
    """The grades of the profile, the lowest last."""
    grades = scheme_of(step.connection, step.cycle_id)["scoring"]["grades"]
    lowest = grades["lowest"]["value"] if "lowest" in grades else None
    names = list(grades["names"]["value"])
    return names if lowest in (None, *names) else [*names, str(lowest)]


def table_of_grades(content: Content) -> list[dict[str, Any]]:
    """The result as a table: by group, rank and name."""
    rows = sorted(
        content["grades"], key=lambda one: (one["group"], one["rank"], content["names"][one["unit"]])
    )
    return [
        {
            "id": one["unit"],
            "group": one["group"],
            "rank": one["rank"],
            "name": content["names"][one["unit"]],
            "total": one["total"],
            "zone": one["zone"] or "",
            "grade": one["grade"],
            "note": _note(one),
        }
        for one in rows
    ]


def ties_in(content: Content) -> str:
    """The units that the quota leaves to the committee, as one sentence; empty when there are none."""
    tied = [
        content["names"][unit["unit"]]
        for unit in content["answers"]["units"]
        if any(rule["text"] and "绩效委决定" in rule["text"] for rule in unit["rules"])
    ]
    return f"与名额线同分、由绩效委决定：{'、'.join(tied)}" if tied else ""


def _note(one: Mapping[str, Any]) -> str:
    notes = [
        "一票否决" if one["vetoed"] else "",
        "创新加分晋档" if one["promoted"] else "",
        one["reason"],
    ]
    return "；".join(filter(None, notes))


RECORDS: dict[str, RecordBinding] = {
    "grading.marks": MissingMarks(),
    "grading.check": Check(),
    "grading.deliberation": Deliberation(),
    "grading.approval": Approval(),
}
