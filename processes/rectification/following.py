"""Following what was said: where it stands, who has it, what was answered; for whoever holds the code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from processes.rectification.reading import (
    ACTS,
    OPINIONS,
    SORTINGS,
    VERDICTS,
    Row,
    issue_of,
)
from processes.rectification.records import AssessmentComplaint, ComplaintReply
from processes.tables import table_of

COMPLAINTS = table_of(AssessmentComplaint)
REPLIES = table_of(ComplaintReply)

STATES = {
    "draft": "考评办正在归类",
    "dispatched": "已分派，等责任单位签收",
    "handling": "责任单位正在办理",
    "answered": "责任单位已答复，请您评价",
    "rectifying": "列为重点整改目标，责任单位正在制定整改计划",
    "promised": "整改承诺已公示，正在整改",
    "done": "整改结果已公布，正在测评满意度",
    "closed": "已办结",
    "flagged": "整改没有达标，已挂账并提请问责",
    "listed": "已列入跟踪督办或公述民评清单",
}
"""An issue's state in the words of whoever waits for it."""
RESULTS = {
    "solved": "提出人认为已解决",
    "unrated": "到期未评价",
    "settled": "考评办核定",
    "satisfied": "专项满意度达标",
}


@dataclass(frozen=True)
class Followed:
    """What the holder of a code sees: their own words, and where they are."""

    text: str
    received_at: datetime
    state: str
    complaint: bool = False
    opinion_id: str = ""
    issue_id: str | None = None
    unit: str = ""
    answer: str = ""
    reason: str = ""
    promise_id: str | None = None
    """The issue on the open pages, once it stands there."""
    may_judge: bool = False
    judged: bool | None = None


def follow(connection: Connection, digest: str) -> Followed | None:
    """What became of the opinion or complaint with this digest of a code, or None."""
    query = select(OPINIONS).where(OPINIONS.c.code_digest == digest)
    opinion = connection.execute(query).mappings().one_or_none()
    if opinion is not None:
        return _opinion(connection, dict(opinion))
    query = select(COMPLAINTS).where(COMPLAINTS.c.code_digest == digest)
    complaint = connection.execute(query).mappings().one_or_none()
    return _complaint(connection, dict(complaint)) if complaint is not None else None


def _opinion(connection: Connection, opinion: Row) -> Followed:
    query = (
        select(SORTINGS).where(SORTINGS.c.opinion_id == opinion["id"]).order_by(SORTINGS.c.id.desc()).limit(1)
    )
    sorting = connection.execute(query).mappings().one_or_none()
    if sorting is None:
        return Followed(opinion["text"], opinion["received_at"], "已收到，考评办正在归类分派")
    if sorting["issue_id"] is None:
        return Followed(opinion["text"], opinion["received_at"], "不予受理", reason=sorting["reason"])
    issue = issue_of(connection, sorting["issue_id"])
    judged = _verdict(connection, opinion["id"], issue)
    state = STATES[issue["state"]]
    if issue["state"] == "closed":
        state = f"{state}：{RESULTS[issue['result']]}"
    return Followed(
        text=opinion["text"],
        received_at=opinion["received_at"],
        state=state,
        opinion_id=opinion["id"],
        issue_id=issue["id"],
        unit=issue["unit_name"] or "",
        answer=_answer(connection, issue["id"]),
        promise_id=issue["id"] if issue["public"] else None,
        may_judge=issue["state"] == "answered" and judged is None,
        judged=judged,
    )


def _complaint(connection: Connection, complaint: Row) -> Followed:
    query = (
        select(REPLIES.c.text)
        .where(REPLIES.c.complaint_id == complaint["id"])
        .order_by(REPLIES.c.id.desc())
        .limit(1)
    )
    reply = connection.execute(query).scalars().first()
    state = "监察已答复" if reply else "已收到，监察正在处理"
    return Followed(
        complaint["text"], complaint["received_at"], state, complaint=True, answer=str(reply or "")
    )


def _verdict(connection: Connection, opinion_id: str, issue: Row) -> bool | None:
    query = select(VERDICTS.c.solved).where(
        VERDICTS.c.opinion_id == opinion_id, VERDICTS.c.round == issue["round"]
    )
    return connection.execute(query).scalars().first()


def _answer(connection: Connection, issue_id: str) -> str:
    query = (
        select(ACTS.c.text)
        .where(ACTS.c.issue_id == issue_id, ACTS.c.kind == "answered")
        .order_by(ACTS.c.id.desc())
        .limit(1)
    )
    return str(connection.execute(query).scalars().first() or "")
