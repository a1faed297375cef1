"""下达指标: a value that comes from above during the year is stored, then applied by its own process.

Source: 004_7fcb70e31656ebad.txt, 三(一)3(1): 年度目标结合省、市当年经济社会发展指标…实行动态调整.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from processes.cycle.freezing import OVER, frozen_sentence
from processes.cycle.reading import cycle_of
from processes.planning.entry import MEASURES, TARGETS
from processes.planning.reading import TargetView, target_of
from processes.planning.records import TargetAssignment
from processes.planning.steps import UNITS
from processes.planning.versions import VERSIONS, Occasion, add_version
from processes.planning.waiting import settle
from processes.tables import table_of

ASSIGNMENTS = table_of(TargetAssignment)
MESSAGE = "target_assigned"


class AssignmentRefused(Exception):
    """A value cannot be assigned: the sentence says why, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class MessageToPublish:
    """What to hand to the engine's `publish` in the same transaction."""

    cycle_id: str
    name: str
    key: str
    message_id: str
    variables: Mapping[str, Any]


def assignable(cycle: Mapping[str, Any], target: TargetView) -> bool:
    """May the target be given a value: it came from above, has figures, its year is not over."""
    return bool(target.row["locked"] and target.measures and cycle["state"] not in OVER)


def assign_target(
    connection: Connection,
    target_id: str,
    figures: Mapping[str, Decimal],
    *,
    document: str,
    by: str,
    at: datetime,
) -> MessageToPublish:
    """Store figures (measure id → value) for a target under a document; the message that applies them.

    Raises: AssignmentRefused when the target or a measure is unknown, the target not `assignable`, or a value
    or the document missing.
    """
    target = target_of(connection, target_id)
    if target is None:
        raise AssignmentRefused("没有这项目标")
    if sentence := frozen_sentence(connection, target.row["cycle_id"]):
        raise AssignmentRefused(sentence)
    if not assignable(cycle_of(connection, target.row["cycle_id"]), target):
        raise AssignmentRefused("这项目标不能下达数值：它不是上级下达的有数值的目标，或者它的年度已经结束。")
    if not document.strip():
        raise AssignmentRefused("请写明下达依据（文号或文件名）", field="document")
    known = {measure.id for measure in target.measures}
    if not figures or not set(figures) <= known:
        raise AssignmentRefused("请填写这项目标的数值", field="figures")
    assignment_id = new_id()
    insert_row(
        connection,
        ASSIGNMENTS,
        id=assignment_id,
        target_id=target_id,
        figures={measure_id: str(value) for measure_id, value in figures.items()},
        document=document.strip(),
        by_person=by,
        made_at=at,
    )
    unit = connection.execute(
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id == target.row["unit_id"])
    )
    return MessageToPublish(
        cycle_id=str(target.row["cycle_id"]),
        name=MESSAGE,
        key=target_id,
        message_id=assignment_id,
        variables={
            "assignmentId": assignment_id,
            "targetId": target_id,
            "unit": dict(unit.mappings().one()),
        },
    )


@dataclass(frozen=True)
class Applied:
    """What became of an assignment: its version, the version it takes the place of, and whether it is over.

    `version` and `before` are version numbers; `before` is 0 when no earlier assignment was in force.
    `superseded` says that a newer assignment of the same target was applied already; `title` is the
    target's code and name, `document` the paper that the figures rest on.
    """

    version: int
    before: int
    superseded: bool
    title: str
    document: str


def apply_assignment(
    connection: Connection, assignment_id: str, *, at: datetime, instance_id: str | None = None
) -> Applied:
    """Write an assignment's figures and the target's next version. Twice changes nothing.

    Assignments of one target are applied in the order in which they were made, whichever job comes first:
    earlier ones that are still waiting are applied before, so an old value never covers a newer one.
    """
    one = connection.execute(select(ASSIGNMENTS).where(ASSIGNMENTS.c.id == assignment_id)).mappings().one()
    target_id = str(one["target_id"])
    connection.execute(select(TARGETS.c.id).where(TARGETS.c.id == target_id).with_for_update())
    for row in _of_target(connection, target_id):
        if row["applied_at"] is None and row["id"] <= assignment_id:
            _apply(connection, row, at=at, instance_id=instance_id)
    applied = [row for row in _of_target(connection, target_id) if row["applied_at"] is not None]
    place = next(place for place, row in enumerate(applied) if row["id"] == assignment_id)
    return Applied(
        version=int(applied[place]["version_number"]),
        before=int(applied[place - 1]["version_number"]) if place else 0,
        superseded=place < len(applied) - 1,
        title=_label(connection, target_id),
        document=str(one["document"]),
    )


def _label(connection: Connection, target_id: str) -> str:
    target = target_of(connection, target_id)
    return target.label if target is not None else ""


def newest_assignment(connection: Connection, target_id: str) -> Mapping[str, Any] | None:
    """The assignment of a target that was made last, applied or not."""
    rows = _of_target(connection, target_id)
    return rows[-1] if rows else None


def newest_confirmation(connection: Connection, instance_id: str) -> str | None:
    """The instance that applied the newest assignment of a target, asked for by the one of an earlier.

    None when `instance_id` applied none, or applied the newest itself.
    """
    mine = select(VERSIONS.c.target_id).where(VERSIONS.c.instance_id == instance_id)
    applied = (
        select(ASSIGNMENTS.c.id, VERSIONS.c.instance_id)
        .join(
            VERSIONS,
            (VERSIONS.c.target_id == ASSIGNMENTS.c.target_id)
            & (VERSIONS.c.number == ASSIGNMENTS.c.version_number),
        )
        .where(ASSIGNMENTS.c.target_id.in_(mine))
        .order_by(ASSIGNMENTS.c.id.desc())
    )
    found = [str(row.instance_id) for row in connection.execute(applied)]
    return found[0] if instance_id in found[1:] and found[0] != instance_id else None


def _of_target(connection: Connection, target_id: str) -> list[Mapping[str, Any]]:
    query = select(ASSIGNMENTS).where(ASSIGNMENTS.c.target_id == target_id).order_by(ASSIGNMENTS.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _apply(connection: Connection, row: Mapping[str, Any], *, at: datetime, instance_id: str | None) -> None:
    for measure_id, value in row["figures"].items():
        connection.execute(
            update(MEASURES)
            .where(MEASURES.c.id == measure_id, MEASURES.c.target_id == row["target_id"])
            .values(value=Decimal(value), awaits="")
        )
    settle(connection, row["target_id"])
    occasion = Occasion(row["document"], at, by_person=row["by_person"], instance_id=instance_id)
    number = add_version(connection, row["target_id"], occasion)
    connection.execute(
        update(ASSIGNMENTS).where(ASSIGNMENTS.c.id == row["id"]).values(applied_at=at, version_number=number)
    )
