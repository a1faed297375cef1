"""公示与发布: what the public may see of a year's results, and what it says about them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.ids import new_id
from engine.store.writing import insert_row
from processes.cycle.reading import scheme_of
from processes.cycle.records import Cycle
from processes.evaluation.grading.lines import lines_of
from processes.evaluation.grading.reading import graded_rows
from processes.feedback.objection_step import OBJECTIONS
from processes.feedback.records import ResultNotice
from processes.tables import table_of

NOTICES = table_of(ResultNotice)
CYCLES = table_of(Cycle)
LONGEST = 2000


class ObjectionRefused(Exception):
    """An objection that is not taken: a sentence, and the field it is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def newest_notice(connection: Connection) -> str | None:
    """The notice that was opened last; None while there is none."""
    query = select(NOTICES.c.id).order_by(NOTICES.c.opened_at.desc(), NOTICES.c.id.desc())
    found = connection.execute(query.limit(1)).scalar_one_or_none()
    return None if found is None else str(found)


def read_notice(connection: Connection, notice_id: str) -> Mapping[str, Any] | None:
    """A notice with its year and its units, by group and rank; None when there is none."""
    query = (
        select(NOTICES, CYCLES.c.year)
        .join(CYCLES, CYCLES.c.id == NOTICES.c.cycle_id)
        .where(NOTICES.c.id == notice_id)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    lines = lines_of(scheme_of(connection, row["cycle_id"]))
    return {**row, "rows": graded_rows(connection, row["cycle_id"]), "lines": lines}


def answered_objections(connection: Connection, notice_id: str) -> list[Mapping[str, Any]]:
    """The objections that the office has answered, oldest first."""
    query = (
        select(OBJECTIONS)
        .where(OBJECTIONS.c.notice_id == notice_id, OBJECTIONS.c.answered_at.is_not(None))
        .order_by(OBJECTIONS.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def takes_objections(notice: Mapping[str, Any], *, today: date) -> bool:
    """Whether the notice still lies open."""
    return bool(notice["published_at"] is None and notice["closes_on"] >= today)


def object_to(
    connection: Connection,
    notice_id: str,
    *,
    text: str,
    name: str,
    unit_id: str | None,
    at: datetime,
    today: date,
) -> str:
    """Take one objection; its id. Raises ObjectionRefused."""
    notice = read_notice(connection, notice_id)
    if notice is None or not takes_objections(notice, today=today):
        raise ObjectionRefused("公示已经结束，不能再提意见")
    if not text.strip() or len(text) > LONGEST:
        raise ObjectionRefused(f"请写下意见，最多 {LONGEST} 字", field="text")
    if unit_id and unit_id not in {row["unit_id"] for row in notice["rows"]}:
        raise ObjectionRefused("公示里没有这个单位", field="unit_id")
    objection_id = new_id()
    insert_row(
        connection,
        OBJECTIONS,
        id=objection_id,
        notice_id=notice_id,
        unit_id=unit_id or None,
        name=name.strip()[:64],
        text=text.strip(),
        created_at=at,
    )
    return objection_id
