"""绩效管理投诉: for those whom the diagram means, not for who only answers for them."""

from sqlalchemy import or_, select

from engine.ids import new_id
from engine.people.posts import parse_reference
from engine.people.tables import Membership
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.planning.entry import text_of
from processes.rectification.following import COMPLAINTS, REPLIES
from processes.tables import table_of

MEMBERSHIPS = table_of(Membership)
HIDDEN = "（只有任监察岗位的人可以看到）"


class Complaint:
    """处理投诉: only holders of the post in the input `meant` see the words."""

    def read(self, step: StepContext) -> FormData:
        query = select(COMPLAINTS.c.text).where(COMPLAINTS.c.id == str(step.variables["complaintId"]))
        text = step.connection.execute(query).scalar_one()
        return {"text": text if self._holds(step) else HIDDEN, "reply": "", "released": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if self._holds(step):
            return []
        return [FieldError("reply", "not_meant", "这件投诉只能由任监察岗位的人处理。请先任命监察人员。")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        insert_row(
            step.connection,
            REPLIES,
            id=new_id(),
            complaint_id=str(step.variables["complaintId"]),
            text=text_of(data.get("reply")),
            released=text_of(data.get("released")),
            by_person=step.person_id,
            made_at=step.at,
        )
        return {}

    def _holds(self, step: StepContext) -> bool:
        meant = parse_reference(str(step.variables["meant"]))
        columns = MEMBERSHIPS.c
        query = select(columns.id).where(
            columns.user_id == step.person_id,
            columns.unit_id == meant.unit_id,
            columns.post_key == meant.post_key,
            columns.from_on <= step.today,
            or_(columns.until_on.is_(None), columns.until_on >= step.today),
        )
        return step.connection.execute(query).first() is not None
