"""What happens to a project after it was applied for: signatures, admission, closing, the statement."""

from typing import Any

from sqlalchemy import update

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value, reads_only
from processes.innovation.reading import (
    PARTNERS,
    PROJECTS,
    names_in,
    partners_of,
    plain,
    project_of,
    projects_in,
    reference,
    units_of_project,
    variable,
)
from processes.planning.entry import number_of, text_of
from processes.planning.steps import unit_of
from processes.planning.unit_steps import Unchecked

ADMISSION = {"approve": "admitted", "return": "drafting", "refuse": "refused"}


class Card(Unchecked):
    """A project to look at before one says yes or no."""

    def read(self, step: StepContext) -> FormData:
        project = project_of(step.connection, str(step.variables["projectId"]))
        partners = "、".join(unit["name"] for unit in partners_of(step.connection, project["id"]))
        return {
            **{name: project[name] for name in ("title", "unit_name", "plan", "support", "remark")},
            **{name: project[name] for name in ("blind_summary", "report", "blind_report", "national")},
            "partners": partners,
            "topic": f"{project['domain']}：{project['direction']}",
            "cost": plain(project["cost"]),
            "spent": plain(project["spent"]),
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Cosign(Card):
    """联合单位会签: the partner's head says whether the unit takes part."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        step.connection.execute(
            update(PARTNERS)
            .where(
                PARTNERS.c.project_id == step.variables["projectId"],
                PARTNERS.c.unit_id == unit_of(step)["id"],
            )
            .values(signed=outcome == "approve", signed_by=step.person_id, signed_at=step.at)
        )
        return {}


class Admission(Card):
    """立项审核: admit, return, or refuse."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        mark(step, str(step.variables["projectId"]), state=ADMISSION[outcome])
        return {}


class Closing:
    """报送结题材料: the report for the office, and what experts may see of it."""

    def read(self, step: StepContext) -> FormData:
        project = project_of(step.connection, str(step.variables["projectId"]))
        return {
            **{name: project[name] for name in ("title", "report", "blind_report", "remark")},
            "spent": str(project["spent"]) if project["spent"] is not None else None,
            "files": project["file_ids"],
            "blind_files": project["blind_file_ids"],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        project = project_of(step.connection, str(step.variables["projectId"]))
        units = units_of_project(step.connection, project)
        named = names_in(step.connection, units, text_of(data.get("blind_report")))
        if named:
            sentence = f"匿名成效里出现了单位名称：{'、'.join(named)}，请删去"
            return [FieldError("blind_report", "unit_named", sentence)]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        mark(
            step,
            str(step.variables["projectId"]),
            report=text_of(data.get("report")),
            blind_report=text_of(data.get("blind_report")),
            spent=number_of(data.get("spent")),
            file_ids=_ids(data.get("files")),
            blind_file_ids=_ids(data.get("blind_files")),
        )
        return {}


class ClosingCheck(Card):
    """核验结题材料: passed with a verified score, or returned."""

    def read(self, step: StepContext) -> FormData:
        project = project_of(step.connection, str(step.variables["projectId"]))
        verified = str(project["verified"]) if project["verified"] is not None else None
        return {**super().read(step), "verified": verified}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        project_id = str(step.variables["projectId"])
        if outcome == "approve":
            mark(step, project_id, state="closed", verified=number_of(data.get("verified")))
        return {}


class Statement(Unchecked):
    """提交陈述: what the unit will say in the second round."""

    def read(self, step: StepContext) -> FormData:
        project = project_of(step.connection, str(variable(step, "project")["id"]))
        return {"title": project["title"], "statement": project["statement"], "speaker": ""}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        said = f"{text_of(data.get('speaker'))}：{text_of(data.get('statement'))}"
        mark(step, str(variable(step, "project")["id"]), statement=said)
        return {}


@reads_only
def collect(call: ServiceCall) -> dict[str, Value]:
    """汇总结题项目: every project whose closing material has passed."""
    closed = projects_in(call.connection, call.cycle_id, ["closed"])
    return {"projects": [reference(project) for project in closed]}


def mark(step: StepContext, project_id: str, **values: Any) -> None:
    """Change a project's row."""
    step.connection.execute(update(PROJECTS).where(PROJECTS.c.id == project_id).values(**values))


def _ids(given: object) -> list[str]:
    return [str(one) for one in given] if isinstance(given, list) else []
