"""After the result: how satisfied those concerned are, what follows, and the public's comments."""

from decimal import Decimal

from sqlalchemy import select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.accountability.flags import put_flag
from processes.planning.entry import number_of, text_of
from processes.rectification.acting import move, note
from processes.rectification.handling_steps import Unchecked, shown
from processes.rectification.reading import COMMENTS, SATISFACTION, Row, issue_in, issue_of

LEVELS = ("level_1", "level_2", "level_3", "level_4", "level_5")
"""The form's fields from 满意 to 不满意."""


class Counts:
    """录入专项满意度: how many of those concerned said what; abstentions are told apart."""

    def read(self, step: StepContext) -> FormData:
        empty: dict[str, Value] = dict.fromkeys((*LEVELS, "abstained"))
        return shown(step) | empty | {"round": int(step.variables["round"])}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if sum(self._counts(data)) > 0:
            return []
        return [FieldError(LEVELS[0], "nobody", "没有一张有效票，不能计算满意率。请核对各级的票数。")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        satisfaction_id, counts = new_id(), self._counts(data)
        insert_row(
            step.connection,
            SATISFACTION,
            id=satisfaction_id,
            issue_id=issue_in(step)["id"],
            round=int(step.variables["round"]),
            counts=counts,
            abstained=int(number_of(data.get("abstained")) or 0),
            by_person=step.person_id,
            made_at=step.at,
            instance_id=step.instance_id,
        )
        return {"counts": [Decimal(one) for one in counts], "satisfactionId": satisfaction_id}

    def _counts(self, data: FormData) -> list[int]:
        return [int(number_of(data.get(level)) or 0) for level in LEVELS]


def note_satisfaction(call: ServiceCall) -> dict[str, Value]:
    """登记并公布满意率: what D09 made of the counts, once."""
    given = call.inputs
    call.connection.execute(
        update(SATISFACTION)
        .where(SATISFACTION.c.id == given["satisfactionId"], SATISFACTION.c.judged_at.is_(None))
        .values(rate=given["rate"], score=given["score"], reached=given["reached"], judged_at=call.at)
    )
    return {}


def raise_flag(call: ServiceCall) -> dict[str, Value]:
    """挂账并提请问责: the last round failed; the process of accountability finds the flag."""
    issue = issue_of(call.connection, str(call.inputs["issueId"]))
    query = select(SATISFACTION.c.rate).where(SATISFACTION.c.issue_id == issue["id"])
    rates = [f"{rate}%" for rate in call.connection.execute(query.order_by(SATISFACTION.c.id)).scalars()]
    reason = f"重点整改目标“{issue['title']}”整改 {issue['round']} 轮，满意率 {'、'.join(rates)}，未达标"
    put_flag(call, unit_id=issue["unit_id"], kind="rectification", subject_id=issue["id"], reason=reason)
    move(call, issue["id"], state="flagged", closed_at=call.at)
    note(call, issue["id"], "flagged", unit_id=issue["unit_id"], text=reason, round=issue["round"])
    return {}


class ScreenComment(Unchecked):
    """审看公众意见: the office releases it and the unit answers, or it stays unseen."""

    def read(self, step: StepContext) -> FormData:
        return shown(step) | {"comment": _comment(step)["text"]}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        _change(step, released=outcome == "release", screened_at=step.at)
        return {}


class AnswerComment(Unchecked):
    """答复公众意见: shown below the comment."""

    def read(self, step: StepContext) -> FormData:
        return shown(step) | {"comment": _comment(step)["text"], "answer": ""}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        _change(step, answer=text_of(data.get("answer")), answered_at=step.at)
        return {}


def _comment(step: StepContext) -> Row:
    query = select(COMMENTS).where(COMMENTS.c.id == str(step.variables["commentId"]))
    return dict(step.connection.execute(query).mappings().one())


def _change(step: StepContext, **values: Value) -> None:
    comment_id = str(step.variables["commentId"])
    step.connection.execute(update(COMMENTS).where(COMMENTS.c.id == comment_id).values(**values))
