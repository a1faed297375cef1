"""说一说: what somebody without an account says, follows by a code, and judges. Nothing else is kept."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.ids import new_id
from engine.store.writing import insert_row
from processes.rectification.following import Followed, follow
from processes.rectification.reading import (
    COMMENTS,
    CYCLES,
    ISSUES,
    OPINIONS,
    UNITS,
    VERDICTS,
    newest_sortings,
)
from processes.rectification.records import AssessmentComplaint, OpinionContact
from processes.tables import table_of

CONTACTS = table_of(OpinionContact)
COMPLAINTS = table_of(AssessmentComplaint)

LONGEST = 2000
"""Characters of an opinion or comment."""
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for each other."""
_GROUPS, _GROUP = 4, 4


class SayingRefused(Exception):
    """What was said cannot be taken: the sentence says why, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Said:
    """An opinion as it comes: the words, whom it means, and how to reach who says it, if they wish so."""

    text: str
    unit_id: str = ""
    name: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Taken:
    """What was taken: its id and year, and the code that only the visitor ever sees."""

    id: str
    cycle_id: str
    code: str


def new_code() -> str:
    """A code such as `K7QF-2MXA-9HTR-WB4C`: 79 bits by chance."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def digest_of(code: str) -> str:
    """What is stored of a code; blanks, dashes and case do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return sha256(plain.encode()).hexdigest()


def listening(connection: Connection, today: date) -> list[dict[str, Any]]:
    """Who takes opinions now: each assessor's formal cycle of this year, or its newest before.

    Rows {cycle_id, assessor_id, name, year}, by the assessor's code.
    """
    query = (
        select(CYCLES.c.id.label("cycle_id"), CYCLES.c.assessor_id, UNITS.c.name, CYCLES.c.year)
        .join(UNITS, UNITS.c.id == CYCLES.c.assessor_id)
        .where(CYCLES.c.run_mode == "formal", CYCLES.c.year <= today.year)
        .order_by(UNITS.c.code, CYCLES.c.year.desc())
    )
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["assessor_id"], dict(row))
    return list(found.values())


def say(connection: Connection, cycle_id: str, said: Said, *, at: datetime) -> Taken:
    """Take an opinion from the open page. Raises SayingRefused."""
    text = _words(said.text)
    if len(said.name.strip()) > 64 or len(said.contact.strip()) > 100:
        raise SayingRefused("称呼不能超过 64 字，联系方式不能超过 100 字", field="contact")
    if said.unit_id:
        _check_unit(connection, cycle_id, said.unit_id)
    code, opinion_id = new_code(), new_id()
    insert_row(
        connection,
        OPINIONS,
        id=opinion_id,
        cycle_id=cycle_id,
        source="public",
        batch="",
        text=text,
        unit_id=said.unit_id or None,
        code_digest=digest_of(code),
        received_at=at,
    )
    if said.contact.strip():
        contact = {"name": said.name.strip(), "contact": said.contact.strip()}
        insert_row(connection, CONTACTS, opinion_id=opinion_id, **contact)
    return Taken(opinion_id, cycle_id, code)


def complain(connection: Connection, cycle_id: str, text: str, *, at: datetime) -> Taken:
    """Take a complaint about the assessment itself (绩效管理投诉). Raises SayingRefused."""
    words, code, complaint_id = _words(text), new_code(), new_id()
    insert_row(
        connection,
        COMPLAINTS,
        id=complaint_id,
        cycle_id=cycle_id,
        text=words,
        code_digest=digest_of(code),
        received_at=at,
    )
    return Taken(complaint_id, cycle_id, code)


def collect(
    connection: Connection,
    cycle_id: str,
    texts: Sequence[Mapping[str, str]],
    *,
    source: str,
    batch: str,
    at: datetime,
) -> list[str]:
    """Opinions from a survey, an observer or an informant: [{text, unit_id}]; their ids, all or none.

    Raises: SayingRefused, its field naming the row: `opinions.3.text`.
    """
    rows = []
    for index, one in enumerate(texts):
        try:
            text = _words(one["text"])
            if one.get("unit_id"):
                _check_unit(connection, cycle_id, one["unit_id"])
        except SayingRefused as refused:
            raise SayingRefused(str(refused), field=f"opinions.{index}.{refused.field}") from None
        rows.append(
            {
                "id": new_id(),
                "cycle_id": cycle_id,
                "source": source,
                "batch": batch,
                "text": text,
                "unit_id": one.get("unit_id") or None,
                "code_digest": None,
                "received_at": at,
            }
        )
    if rows:
        connection.execute(insert(OPINIONS), rows)
    return [str(row["id"]) for row in rows]


def by_code(connection: Connection, code: str) -> Followed | None:
    """What became of what was said under this code; None when there is no such code."""
    return follow(connection, digest_of(code))


@dataclass(frozen=True)
class Judged:
    """A verdict that was stored; `solved`: False at once, True when the last agrees, else None."""

    issue_id: str
    cycle_id: str
    round: int
    solved: bool | None


def judge(connection: Connection, code: str, *, solved: bool, text: str, at: datetime) -> Judged | None:
    """Who said it says whether it is solved; None for a wrong code. Raises SayingRefused."""
    found = by_code(connection, code)
    if found is None or found.complaint:
        return None
    # Two who said the same may judge at the same moment: the last of them must see the other's verdict.
    locked = select(ISSUES).where(ISSUES.c.id == found.issue_id).with_for_update()
    issue = connection.execute(locked).mappings().one_or_none()
    found = by_code(connection, code)
    if issue is None or found is None or not found.may_judge:
        raise SayingRefused("现在不能评价：单位还没有答复，或者您已经评价过")
    insert_row(
        connection,
        VERDICTS,
        id=new_id(),
        opinion_id=found.opinion_id,
        issue_id=issue["id"],
        round=issue["round"],
        solved=solved,
        text=text.strip()[:LONGEST],
        made_at=at,
    )
    said = False if not solved else (True if _all_agree(connection, dict(issue)) else None)
    return Judged(issue["id"], issue["cycle_id"], issue["round"], said)


def comment(connection: Connection, issue_id: str, text: str, *, at: datetime) -> tuple[str, str]:
    """Take a comment on a promise; its id and cycle. Raises SayingRefused, LookupError."""
    query = select(ISSUES).where(ISSUES.c.id == issue_id, ISSUES.c.public.is_(True), ISSUES.c.route == "key")
    issue = connection.execute(query).mappings().one_or_none()
    if issue is None:
        raise LookupError(issue_id)
    if issue["closed_at"] is not None:
        raise SayingRefused("这项承诺已经办结，不再收集意见")
    comment_id = new_id()
    insert_row(
        connection,
        COMMENTS,
        id=comment_id,
        issue_id=issue_id,
        round=issue["round"],
        text=_words(text),
        created_at=at,
        answer="",
    )
    return comment_id, str(issue["cycle_id"])


def _all_agree(connection: Connection, issue: Mapping[str, Any]) -> bool:
    known = newest_sortings(connection, issue_id=issue["id"])
    asked = {row["id"] for row in known if row["code_digest"] is not None}
    query = select(VERDICTS.c.opinion_id).where(
        VERDICTS.c.issue_id == issue["id"], VERDICTS.c.round == issue["round"], VERDICTS.c.solved.is_(True)
    )
    return asked <= set(connection.execute(query).scalars())


def _words(text: str) -> str:
    said = text.strip()
    if not said:
        raise SayingRefused("请写下您的意见", field="text")
    if len(said) > LONGEST:
        raise SayingRefused(f"意见不能超过 {LONGEST} 字", field="text")
    return said


def _check_unit(connection: Connection, cycle_id: str, unit_id: str) -> None:
    assessor = select(CYCLES.c.assessor_id).where(CYCLES.c.id == cycle_id).scalar_subquery()
    query = select(UNITS.c.id).where(UNITS.c.id == unit_id, UNITS.c.assessor_id == assessor)
    if connection.execute(query).first() is None:
        raise SayingRefused("没有这个单位", field="unit_id")
