"""What pages ask of planning: targets with versions, the overview, placeholders, the open consultation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select

from engine.ids import new_id
from engine.store.prepared import Prepared
from engine.store.writing import insert_row
from processes.cycle.reading import CYCLES
from processes.planning.city_steps import COMMENTS, CONSULTATIONS, unit_summaries
from processes.planning.differences import Difference, told
from processes.planning.reading import AWAITS, TARGETS, TargetView, targets_of, views
from processes.planning.records import UnitPlan
from processes.planning.steps import UNITS
from processes.planning.versions import versions_of
from processes.tables import table_of

PLANS = table_of(UnitPlan)
OPEN_CONSULTATION = Prepared(
    select(CONSULTATIONS, CYCLES.c.year)
    .join(CYCLES, CYCLES.c.id == CONSULTATIONS.c.cycle_id)
    .where(CONSULTATIONS.c.state == "open", CONSULTATIONS.c.closes_on >= bindparam("today"))
    .order_by(CONSULTATIONS.c.opened_at.desc())
)
LONGEST_COMMENT = 2000

STATES = {
    "drafting": "制定中",
    "reported": "已报送",
    "passed": "考评办已通过",
    "returned": "已退回",
    "endorsed": "绩效委已审定",
    "refused": "未通过",
    "approved": "已批准",
    "issued": "已下达",
    "left_out": "不参加",
}
"""A plan's state in words."""


class CommentRefused(Exception):
    """A comment cannot be taken: the sentence says why, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class TargetHistory:
    """A target with all its versions, oldest first, and what each changed against the one before."""

    target: TargetView
    versions: Sequence[Mapping[str, Any]]
    changes: Sequence[Sequence[Difference]]


def unit_year(connection: Connection, *, cycle_id: str, unit_id: str) -> list[TargetHistory]:
    """A unit's targets of a cycle with measures, milestones and versions, in four queries."""
    targets = targets_of(connection, cycle_id=cycle_id, unit_id=unit_id)
    versions = versions_of(connection, cycle_id=cycle_id, unit_id=unit_id)
    return [
        TargetHistory(target, found, told(found))
        for target in targets
        for found in [versions.get(target.id, [])]
    ]


def taken_back(connection: Connection, *, cycle_id: str, unit_id: str) -> list[Sequence[Mapping[str, Any]]]:
    """Versions of function indicators that the unit signed once and took back later, a list for each."""
    kept = select(TARGETS.c.id).where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.unit_id == unit_id)
    present = set(connection.execute(kept).scalars())
    versions = versions_of(connection, cycle_id=cycle_id, unit_id=unit_id)
    return [found for target_id, found in versions.items() if target_id not in present]


def cycles_of(connection: Connection, assessor_id: str) -> list[dict[str, Any]]:
    """The assessor's cycles, newest first: id, year, profile, run_mode, state, calendar, begun.

    `begun`: its units plan, or its targets are issued.
    """
    planned = exists().where(PLANS.c.cycle_id == CYCLES.c.id)
    query = (
        select(CYCLES, or_(CYCLES.c.state != "planning", planned).label("begun"))
        .where(CYCLES.c.assessor_id == assessor_id)
        .order_by(CYCLES.c.year.desc(), CYCLES.c.run_mode)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def standing_cycle(cycles: Sequence[dict[str, Any]], today: date | None) -> dict[str, Any] | None:
    """The year that a page shows when none is asked for, of cycles as `cycles_of` gives them, newest first.

    That of today's civil year, else the newest that has begun, else the newest: opening the next year early
    changes nothing for who works on this one. None without cycles.
    """
    this_year = (one for one in cycles if today is not None and one["year"] == today.year)
    begun = (one for one in cycles if one["begun"])
    return next(chain(this_year, begun, cycles), None)


def office_overview(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """One row a planning unit: {id, name, kpi, special, functions, pending, round, state, state_text}.

    Units that were left out are told by `left_out` (before planning begins) or their plan's remark (`why`).
    """
    return [{**unit, "state_text": STATES[unit["state"]]} for unit in unit_summaries(connection, cycle_id)]


def pending_targets(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """Placeholders of a cycle: {target, unit_id, unit_name, awaits} with the figures that are missing."""
    query = select(TARGETS).where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.pending.is_(True))
    found = views(connection, query)
    names = {
        row.id: row.name
        for row in connection.execute(
            select(UNITS.c.id, UNITS.c.name).where(UNITS.c.id.in_([t.row["unit_id"] for t in found]))
        )
    }
    return [
        {
            "target": target,
            "unit_id": target.row["unit_id"],
            "unit_name": names[target.row["unit_id"]],
            "missing": [measure for measure in target.measures if measure.row["awaits"]],
            "awaits": sorted(
                {AWAITS[measure.row["awaits"]] for measure in target.measures if measure.row["awaits"]}
            ),
        }
        for target in found
    ]


def open_consultation(connection: Connection, *, today: date) -> dict[str, Any] | None:
    """The consultation that the public may speak to now: {id, cycle_id, year, opened_at, closes_on}."""
    return OPEN_CONSULTATION.row(connection, today=today)


def consulted_targets(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """What the public reads: units in order, each with its targets in words."""
    query = (
        select(UNITS.c.id, UNITS.c.name)
        .join(PLANS, PLANS.c.unit_id == UNITS.c.id)
        .where(PLANS.c.cycle_id == cycle_id, PLANS.c.state != "left_out")
        .order_by(UNITS.c.code)
    )
    units = [dict(row) for row in connection.execute(query).mappings()]
    by_unit: dict[str, list[TargetView]] = {unit["id"]: [] for unit in units}
    for target in views(connection, select(TARGETS).where(TARGETS.c.cycle_id == cycle_id)):
        by_unit.setdefault(target.row["unit_id"], []).append(target)
    return [{**unit, "targets": by_unit[unit["id"]]} for unit in units]


def comments_of(
    connection: Connection, consultation_id: str, *, answered: bool = True
) -> list[dict[str, Any]]:
    """Comments with their answers, oldest first; by default only those that the office has answered."""
    query = select(COMMENTS).where(COMMENTS.c.consultation_id == consultation_id).order_by(COMMENTS.c.id)
    if answered:
        query = query.where(COMMENTS.c.answered_at.is_not(None))
    return [dict(row) for row in connection.execute(query).mappings()]


def add_comment(
    connection: Connection,
    consultation_id: str,
    *,
    text: str,
    at: datetime,
    today: date,
    name: str = "",
    unit_id: str | None = None,
    target_id: str | None = None,
) -> str:
    """Take a comment from the open page; its id. Neither address nor device is kept.

    Raises: CommentRefused when the consultation is over, the text empty or too long, or the thing unknown.
    """
    consultation = (
        connection.execute(select(CONSULTATIONS).where(CONSULTATIONS.c.id == consultation_id))
        .mappings()
        .first()
    )
    if consultation is None or consultation["state"] != "open" or consultation["closes_on"] < today:
        raise CommentRefused("公示期已结束，不能再提意见")
    said = text.strip()
    if not said:
        raise CommentRefused("请写下您的意见", field="text")
    if len(said) > LONGEST_COMMENT:
        raise CommentRefused(f"意见不能超过 {LONGEST_COMMENT} 字", field="text")
    if len(name.strip()) > 64:
        raise CommentRefused("称呼不能超过 64 字", field="name")
    about = _about(connection, consultation["cycle_id"], unit_id=unit_id, target_id=target_id)
    comment_id = new_id()
    insert_row(
        connection,
        COMMENTS,
        id=comment_id,
        consultation_id=consultation_id,
        name=name.strip(),
        text=said,
        created_at=at,
        answer="",
        **about,
    )
    return comment_id


def _about(
    connection: Connection, cycle_id: str, *, unit_id: str | None, target_id: str | None
) -> dict[str, str | None]:
    if target_id is not None:
        target = connection.execute(
            select(TARGETS.c.unit_id, TARGETS.c.title).where(
                TARGETS.c.id == target_id, TARGETS.c.cycle_id == cycle_id
            )
        ).one_or_none()
        if target is None or (unit_id is not None and target.unit_id != unit_id):
            raise CommentRefused("没有这项目标", field="target_id")
        return {"unit_id": target.unit_id, "target_id": target_id, "target_title": target.title}
    if unit_id is not None:
        planned = connection.execute(
            select(PLANS.c.id).where(PLANS.c.unit_id == unit_id, PLANS.c.cycle_id == cycle_id)
        ).first()
        if planned is None:
            raise CommentRefused("没有这个单位", field="unit_id")
    return {"unit_id": unit_id, "target_id": None, "target_title": ""}
