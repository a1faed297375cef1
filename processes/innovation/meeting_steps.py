"""登记: what the synthesis meeting and the committee decided about the projects."""

from typing import Any

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.innovation.awarding import add_award, awards_of, standing
from processes.innovation.project_steps import mark
from processes.innovation.reading import plain, project_label, project_of, scoring_of
from processes.planning.entry import rows_in, text_of
from processes.planning.meetings import record_decision
from processes.planning.unit_steps import Unchecked

STRUCK = "struck"
APPROVE = "approve"


class Synthesis:
    """登记综合评审: which finalists the meeting puts forward for an award."""

    def read(self, step: StepContext) -> FormData:
        rows = []
        for one in standing(step):
            project = project_of(step.connection, str(one["project"]))
            rows.append(
                {
                    "id": project["id"],
                    "locked": True,
                    "rank": str(one["rank"]),
                    "project": project_label(project),
                    "unit": project["unit_name"],
                    "total": plain(one["total"]),
                    "result": "passed",
                    "remark": "",
                }
            )
        return {"body": step.on_behalf, "results": rows}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return [
            FieldError(f"results.{index}.remark", "missing", "请写明不予授奖的理由")
            for index, row in enumerate(rows_in(data, "results"))
            if row.get("result") == STRUCK and not text_of(row.get("remark"))
        ]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        record_decision(step, data)
        known = {str(one["project"]) for one in standing(step)}
        for row in rows_in(data, "results"):
            if row.get("id") in known and row.get("result") == STRUCK:
                mark(step, str(row["id"]), state=STRUCK, remark=text_of(row.get("remark")))
        return {}


class Awards(Unchecked):
    """登记奖项决定: the committee decides ties (input `mode`: ties) and in the end approves (approve).

    What the rules gave cannot be changed here, only what they left to the committee.
    """

    def read(self, step: StepContext) -> FormData:
        totals = {str(one["project"]): one["total"] for one in standing(step)}
        names: Any = scoring_of(step.connection, step.cycle_id)["awards"]
        return {
            "body": step.on_behalf,
            "results": [
                {
                    "id": row["project_id"],
                    "locked": True,
                    "rank": str(row["rank"]),
                    "project": row["label"],
                    "unit": row["project"]["unit_name"],
                    "total": plain(totals.get(row["project_id"])),
                    "proposed": "由绩效委决定" if row["committee"] else row["award"] or "不授奖",
                    "award": row["award"],
                    "open": row["committee"],
                }
                for row in awards_of(step.connection, step.cycle_id)
            ],
            "award_options": [{"label": name, "value": name} for name in names["names"]],
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        record_decision(step, data)
        chosen = {str(row.get("id")): text_of(row.get("award")) for row in rows_in(data, "results")}
        approving = step.variables["mode"] == APPROVE
        for row in awards_of(step.connection, step.cycle_id):
            award = (chosen.get(row["project_id"]) or None) if row["committee"] else row["award"]
            if row["committee"] or approving:
                stage = "approved" if approving else "decided"
                add_award(step, row["project_id"], award=award, rank=row["rank"], stage=stage)
        return {}
