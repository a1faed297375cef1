"""申报: a unit's application, alone or with partners, and the facts that the formal check looks at."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import cycle_of
from processes.innovation.reading import (
    PARTNERS,
    PROJECTS,
    TOPICS,
    UNITS,
    limits_of,
    names_in,
    partners_of,
    project_of_unit,
)
from processes.planning.entry import number_of, text_of
from processes.planning.steps import unit_of

NEEDED = {"title": "项目名称", "topic": "选题", "way": "申报方式", "plan": "实施内容"}
DECLINES = "none"
JOINT = "joint"


class Application:
    """申报创新项目: what the unit means to do, and what experts may read of it without knowing who it is."""

    def read(self, step: StepContext) -> FormData:
        unit = unit_of(step)
        row = project_of_unit(step.connection, step.cycle_id, unit["id"]) or {}
        partners = partners_of(step.connection, row["id"]) if row else []
        problems = step.variables.get("problems")
        return {
            **{name: row.get(name) or "" for name in ("title", "plan", "blind_summary", "support", "remark")},
            "problems": list(problems) if isinstance(problems, list) else [],
            "topic": row.get("topic_id"),
            "way": (JOINT if row["joint"] else "solo") if row else None,
            "partners": [partner["id"] for partner in partners],
            "cost": str(row["cost"]) if row.get("cost") is not None else None,
            "national": bool(row.get("national")),
            "topic_options": _topic_options(step),
            "unit_options": _unit_options(step, str(unit["id"])),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == DECLINES:
            return []
        return [
            FieldError(name, "required", f"请填写{label}")
            for name, label in NEEDED.items()
            if not text_of(data.get(name))
        ]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        visit = int(step.variables.get("visit") or 0) + 1
        if outcome == DECLINES:
            return {"visit": visit}
        unit_id = str(unit_of(step)["id"])
        project_id = self._store(step, unit_id, data)
        chosen = data.get("partners") if data.get("way") == JOINT else None
        partners = [str(one) for one in chosen] if isinstance(chosen, list) else []
        _store_partners(step, project_id, partners)
        return {
            "visit": visit,
            "projectId": project_id,
            "projectTitle": text_of(data.get("title")),
            "partners": partners_of(step.connection, project_id),
            "application": _facts(step, unit_id, project_id, data, partners),
        }

    def _store(self, step: StepContext, unit_id: str, data: FormData) -> str:
        values = {
            "topic_id": text_of(data.get("topic")),
            "joint": data.get("way") == JOINT,
            "national": bool(data.get("national")),
            "cost": number_of(data.get("cost")),
            "state": "applied",
            "remark": "",
            "applied_at": step.at,
            **{name: text_of(data.get(name)) for name in ("title", "plan", "blind_summary", "support")},
        }
        known = project_of_unit(step.connection, step.cycle_id, unit_id)
        if known is not None:
            step.connection.execute(update(PROJECTS).where(PROJECTS.c.id == known["id"]).values(**values))
            return str(known["id"])
        project_id = new_id()
        insert_row(
            step.connection,
            PROJECTS,
            id=project_id,
            cycle_id=step.cycle_id,
            unit_id=unit_id,
            number=_next_number(step),
            instance_id=step.instance_id,
            report="",
            blind_report="",
            statement="",
            file_ids=[],
            blind_file_ids=[],
            **values,
        )
        return project_id


def _next_number(step: StepContext) -> str:
    query = select(func.count()).select_from(PROJECTS).where(PROJECTS.c.cycle_id == step.cycle_id)
    return f"CX-{step.connection.execute(query).scalar_one() + 1:02d}"


def _store_partners(step: StepContext, project_id: str, unit_ids: Sequence[str]) -> None:
    step.connection.execute(delete(PARTNERS).where(PARTNERS.c.project_id == project_id))
    rows = [{"id": new_id(), "project_id": project_id, "unit_id": unit_id} for unit_id in unit_ids]
    if rows:
        step.connection.execute(insert(PARTNERS), rows)


def _facts(
    step: StepContext, unit_id: str, project_id: str, data: Mapping[str, Any], partners: Sequence[str]
) -> dict[str, Value]:
    """What the decision `formal_check` is asked about."""
    shown = f"{text_of(data.get('title'))}\n{text_of(data.get('blind_summary'))}"
    topics = {option["value"] for option in _topic_options(step)}
    return {
        "topicChosen": data.get("topic") in topics,
        "summaryLength": len(text_of(data.get("blind_summary"))),
        "named": names_in(step.connection, [unit_id, *partners], shown),
        "cost": number_of(data.get("cost")),
        "national": bool(data.get("national")),
        "support": text_of(data.get("support")),
        "joint": data.get("way") == JOINT,
        "partners": len(partners),
        "selfPartner": unit_id in partners,
        "overJoined": _over_joined(step, project_id, partners),
    }


def _over_joined(step: StepContext, project_id: str, partners: Sequence[str]) -> list[str]:
    """Names of the partners that have joined as many other projects as the profile allows."""
    most = int(limits_of(step.connection, step.cycle_id)["maxJoint"])
    query = (
        select(UNITS.c.name, func.count().label("joined"))
        .join(PARTNERS, PARTNERS.c.unit_id == UNITS.c.id)
        .join(PROJECTS, PROJECTS.c.id == PARTNERS.c.project_id)
        .where(PROJECTS.c.cycle_id == step.cycle_id, PROJECTS.c.id != project_id)
        .where(PARTNERS.c.unit_id.in_(list(partners)), PROJECTS.c.state != "refused")
        .group_by(UNITS.c.name)
        .order_by(UNITS.c.name)
    )
    return [row.name for row in step.connection.execute(query) if row.joined >= most]


def _topic_options(step: StepContext) -> list[dict[str, str]]:
    query = (
        select(TOPICS.c.id, TOPICS.c.code, TOPICS.c.domain, TOPICS.c.direction)
        .where(TOPICS.c.cycle_id == step.cycle_id, TOPICS.c.published_at.is_not(None))
        .order_by(TOPICS.c.code)
    )
    return [
        {"label": f"{row.domain}：{row.direction}", "value": row.id} for row in step.connection.execute(query)
    ]


def _unit_options(step: StepContext, unit_id: str) -> list[dict[str, str]]:
    assessor_id = cycle_of(step.connection, step.cycle_id)["assessor_id"]
    query = (
        select(UNITS.c.id, UNITS.c.name)
        .where(UNITS.c.assessor_id == assessor_id, UNITS.c.assessed.is_(True), UNITS.c.id != unit_id)
        .order_by(UNITS.c.code)
    )
    return [{"label": row.name, "value": row.id} for row in step.connection.execute(query)]
