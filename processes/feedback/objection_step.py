"""The record of the step that answers what the public says about the results."""

from sqlalchemy import select, update

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.evaluation.grading.marks import UNITS
from processes.feedback.records import ResultObjection
from processes.planning.entry import rows_in, text_of
from processes.tables import table_of

OBJECTIONS = table_of(ResultObjection)


class Objections:
    """处理公示意见: an answer to each objection."""

    def read(self, step: StepContext) -> FormData:
        query = (
            select(OBJECTIONS, UNITS.c.name.label("unit_name"))
            .join(UNITS, UNITS.c.id == OBJECTIONS.c.unit_id, isouter=True)
            .where(OBJECTIONS.c.notice_id == str(step.variables["noticeId"]))
            .order_by(OBJECTIONS.c.id)
        )
        return {
            "objections": [
                {
                    "id": row["id"],
                    "locked": True,
                    "about": row["unit_name"] or "全部结果",
                    "name": row["name"] or "未留名",
                    "text": row["text"],
                    "adopted": None,
                    "answer": row["answer"],
                }
                for row in step.connection.execute(query).mappings()
            ]
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        for row in rows_in(data, "objections"):
            step.connection.execute(
                update(OBJECTIONS)
                .where(
                    OBJECTIONS.c.id == row.get("id"),
                    OBJECTIONS.c.notice_id == str(step.variables["noticeId"]),
                    OBJECTIONS.c.answered_at.is_(None),
                )
                .values(
                    answer=text_of(row.get("answer")),
                    adopted=row.get("adopted") == "yes",
                    answered_at=step.at,
                )
            )
        return {}
