"""定级: adjustments of a committee, grades from a decided snapshot, and grading anew from an earlier one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from engine.ids import new_id
from engine.store.prepared import Prepared
from processes.cycle.reading import cycle_of
from processes.evaluation.grading.content import (
    Adjustment,
    Basis,
    Content,
    adjustments_in,
    answers_of,
    content_of,
    scheme_in,
)
from processes.evaluation.grading.marks import Board
from processes.evaluation.grading.records import GradeAdjustment
from processes.evaluation.grading.rules import RulesUnbound, rulebook_of, stored_versions
from processes.evaluation.grading.sealing import GRADES
from processes.evaluation.scoring import score
from processes.planning.meetings import DECISIONS
from processes.tables import table_of

ADJUSTMENTS = table_of(GradeAdjustment)
NEWER = GRADES.alias("newer")
CURRENT = Prepared(
    select(GRADES)
    .where(
        GRADES.c.cycle_id == bindparam("cycle_id"),
        ~select(NEWER.c.id).where(NEWER.c.replaces_id == GRADES.c.id).exists(),
    )
    .order_by(GRADES.c.unit_group, GRADES.c.rank, GRADES.c.unit_id)
)


def current_grades(connection: Connection, cycle_id: str) -> list[Mapping[str, Any]]:
    """The grades of a cycle that nobody replaced, by group, rank and unit."""
    return [*CURRENT.rows(connection, cycle_id=cycle_id)]


def write_grades(
    connection: Connection,
    content: Content,
    *,
    snapshot_id: str,
    at: datetime,
    groups: Collection[str] | None = None,
) -> list[str]:
    """Grades as a snapshot has them; each names the one it replaces. The units that have another result.

    With `groups` only these groups get new rows, and whoever has another result than before.
    """
    before = {row["unit_id"]: row for row in current_grades(connection, content["cycle"]["id"])}
    changed = [one["unit"] for one in content["grades"] if _differs(before.get(one["unit"]), one)]
    rows = [
        {
            "id": new_id(),
            "cycle_id": content["cycle"]["id"],
            "unit_id": one["unit"],
            "snapshot_id": snapshot_id,
            "unit_group": one["group"],
            "total_exact": one["total_exact"],
            "total": one["total"],
            **{name: one[name] for name in ("rank", "zone", "grade", "reason", "promoted", "vetoed")},
            "computed_grade": one["computed"],
            "graded_at": at,
            "replaces_id": before[one["unit"]]["id"] if one["unit"] in before else None,
        }
        for one in content["grades"]
        if groups is None or one["group"] in groups or one["unit"] in changed
    ]
    for row in rows:
        row["total_exact"], row["total"] = Decimal(row["total_exact"]), Decimal(row["total"])
    if rows:
        connection.execute(insert(GRADES), rows)
    return changed


def _differs(before: Mapping[str, Any] | None, one: Mapping[str, Any]) -> bool:
    if before is None:
        return True
    result = (one["grade"], one["rank"], one["zone"], Decimal(one["total_exact"]))
    return result != (before["grade"], before["rank"], before["zone"], before["total_exact"])


def adjustments_of(connection: Connection, decision_id: str) -> list[Adjustment]:
    """What one decision of the committee adjusted."""
    query = (
        select(ADJUSTMENTS).where(ADJUSTMENTS.c.decision_id == decision_id).order_by(ADJUSTMENTS.c.unit_id)
    )
    return [
        Adjustment(row["unit_id"], row["computed_grade"], row["grade"], row["reason"], decision_id)
        for row in connection.execute(query).mappings()
    ]


def decisions_as_sealed(connection: Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Decisions of bodies as a snapshot names them: id, body, meeting, day, document number."""
    query = select(DECISIONS).where(DECISIONS.c.id.in_(ids)).order_by(DECISIONS.c.entered_at, DECISIONS.c.id)
    return [
        {
            "id": row["id"],
            "body": row["body"],
            "meeting": row["meeting"],
            "decided_on": row["decided_on"].isoformat(),
            "document_number": row["document_number"],
        }
        for row in connection.execute(query).mappings()
    ]


def graded_anew(connection: Connection, before: Content, board: Board) -> Content:
    """The same rules and scheme as an earlier snapshot's, with the marks of `board`.

    The committee's adjustments stay where the calculation gives the unit the same grade as before.
    Raises RulesUnbound when a decision version is gone.
    """
    versions = stored_versions(connection, [one["version_id"] for one in before["rules"]])
    if len(versions) != len(before["rules"]):
        raise RulesUnbound([one["decision"] for one in before["rules"]])
    scored = score(board.units, scheme=scheme_in(before), rulebook=rulebook_of(versions))
    computed = {unit["unit"]: unit["grade"] for unit in answers_of(scored)["units"]}
    kept = [one for one in adjustments_in(before) if computed.get(one.unit) == one.computed]
    cycle = cycle_of(connection, before["cycle"]["id"])
    basis = Basis({**cycle, **before["cycle"]}, board.names, board.scores)
    return content_of(basis, scored, versions=versions, adjustments=kept, decisions=before["decisions"])
