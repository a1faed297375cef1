"""公示: the list lies open for some days; everybody may object, the office answers every objection."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.innovation.awarding import awards_of
from processes.innovation.catalogue import publish
from processes.innovation.project_steps import mark
from processes.innovation.reading import OBJECTIONS, PUBLICITIES, UNITS, Row, project_label, project_of
from processes.planning.entry import text_of

OBJECTION = "innovation.objection"
"""The message that an objection has come; its key is the cycle."""
LONGEST = 2000
UPHOLD = "uphold"


class ObjectionRefused(Exception):
    """An objection that cannot be taken; `field` is where, or empty."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def publish_awards(call: ServiceCall) -> dict[str, Value]:
    """公示名单 as `title`; objections are taken until the end of the day `until`."""
    publicity_id = new_id()
    insert_row(
        call.connection,
        PUBLICITIES,
        id=publicity_id,
        cycle_id=call.cycle_id,
        opened_at=call.at,
        closes_on=call.inputs["until"],
        instance_id=call.instance_id,
    )
    publish(call, kind="innovation_awards")
    return {"publicityId": publicity_id, "closesOn": call.inputs["until"]}


def close_publicity(call: ServiceCall) -> dict[str, Value]:
    """结束公示, unless an objection still waits for its answer: `openObjections` says how many do."""
    publicity_id = str(call.variables["publicityId"])
    waiting = call.connection.execute(
        select(func.count()).where(
            OBJECTIONS.c.publicity_id == publicity_id, OBJECTIONS.c.answered_at.is_(None)
        )
    ).scalar_one()
    if not waiting:
        call.connection.execute(
            update(PUBLICITIES).where(PUBLICITIES.c.id == publicity_id).values(closed_at=call.at)
        )
    return {"openObjections": waiting}


def open_publicity(connection: Connection, cycle_id: str | None, *, today: date) -> Row | None:
    """The publicity that takes objections now (of one cycle, or of any), or None."""
    query = select(PUBLICITIES).where(PUBLICITIES.c.closed_at.is_(None), PUBLICITIES.c.closes_on >= today)
    if cycle_id is not None:
        query = query.where(PUBLICITIES.c.cycle_id == cycle_id)
    row = connection.execute(query.order_by(PUBLICITIES.c.id.desc())).mappings().first()
    return dict(row) if row else None


def published_awards(connection: Connection, cycle_id: str) -> list[Row]:
    """The list as the public sees it: project, title, unit, award."""
    return [
        {
            "project_id": row["project_id"],
            "number": row["project"]["number"],
            "title": row["project"]["title"],
            "unit": row["project"]["unit_name"],
            "award": "由绩效委决定" if row["committee"] else row["award"] or "",
        }
        for row in awards_of(connection, cycle_id)
        if row["committee"] or row["award"]
    ]


def object_to(
    connection: Connection,
    publicity: Row,
    project_id: str,
    *,
    text: str,
    name: str = "",
    unit_id: str | None = None,
    at: datetime,
) -> str:
    """Take an objection; its id. The caller publishes the message. Raises: ObjectionRefused."""
    said = text.strip()
    if not said:
        raise ObjectionRefused("请写明异议的内容和依据", field="text")
    if len(said) > LONGEST:
        raise ObjectionRefused(f"异议最多 {LONGEST} 字", field="text")
    listed = {row["project_id"] for row in published_awards(connection, publicity["cycle_id"])}
    if project_id not in listed:
        raise ObjectionRefused("这个项目不在公示的名单上", field="project_id")
    objection_id = new_id()
    insert_row(
        connection,
        OBJECTIONS,
        id=objection_id,
        publicity_id=publicity["id"],
        project_id=project_id,
        unit_id=unit_id,
        name=name.strip()[:64],
        text=said,
        made_at=at,
        answer="",
    )
    return objection_id


class Objection:
    """处理异议: the oldest one that waits; upheld, the project is struck from the list."""

    def read(self, step: StepContext) -> FormData:
        found = self._oldest(step)
        if found is None:
            return {"project": "", "from": "", "text": "", "answer": ""}
        project = project_of(step.connection, found["project_id"])
        return {
            "project": project_label(project),
            "from": found["unit_name"] or found["name"] or "一位市民",
            "text": found["text"],
            "answer": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if self._oldest(step) is not None and not text_of(data.get("answer")):
            return [FieldError("answer", "required", "请写明处理意见")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        found = self._oldest(step)
        if found is None:
            return {}
        upheld = outcome == UPHOLD
        step.connection.execute(
            update(OBJECTIONS)
            .where(OBJECTIONS.c.id == found["id"])
            .values(
                upheld=upheld,
                answer=text_of(data.get("answer")),
                answered_by=step.person_id,
                answered_at=step.at,
            )
        )
        if upheld:
            mark(step, found["project_id"], state="struck", remark=text_of(data.get("answer")))
        return {}

    def _oldest(self, step: StepContext) -> dict[str, Any] | None:
        query = (
            select(OBJECTIONS, UNITS.c.name.label("unit_name"))
            .join(UNITS, UNITS.c.id == OBJECTIONS.c.unit_id, isouter=True)
            .where(
                OBJECTIONS.c.publicity_id == step.variables["publicityId"],
                OBJECTIONS.c.answered_at.is_(None),
            )
            .order_by(OBJECTIONS.c.id)
        )
        row = step.connection.execute(query).mappings().first()
        return dict(row) if row else None
