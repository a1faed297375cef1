"""A unit's result as people read it: from the grade to components, rules, scores and what they rest on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from processes.cycle.reading import cycle_of, scheme_of
from processes.cycle.records import Cycle
from processes.evaluation.grading.advice import advice_of
from processes.evaluation.grading.content import Content
from processes.evaluation.grading.deciding import current_grades
from processes.evaluation.grading.lines import lines_of
from processes.evaluation.grading.marks import UNITS, components_of
from processes.evaluation.grading.sealing import SNAPSHOTS, content_in
from processes.evaluation.grading.unfolding import EVIDENCE as EVIDENCE
from processes.evaluation.grading.unfolding import evidence_of as evidence_of
from processes.evaluation.grading.unfolding import plain as plain
from processes.evaluation.grading.unfolding import scores_sealed, shown
from processes.tables import table_of

CYCLES = table_of(Cycle)


def grade_of(connection: Connection, cycle_id: str, unit_id: str) -> Mapping[str, Any] | None:
    """A unit's grade that counts; None while there is none."""
    return next((row for row in current_grades(connection, cycle_id) if row["unit_id"] == unit_id), None)


def prior_grade(connection: Connection, cycle_id: str, unit_id: str) -> str:
    """Last year's grade of the unit under the same assessor; empty where it is not known."""
    found = grades_by_year(connection, cycle_id, unit_id)
    return found.get(cycle_of(connection, cycle_id)["year"] - 1, "")


def grades_by_year(connection: Connection, cycle_id: str, unit_id: str) -> dict[int, str]:
    """The unit's grades of formal years, this cycle's own year included, by year."""
    cycle = cycle_of(connection, cycle_id)
    query = (
        select(CYCLES.c.id, CYCLES.c.year)
        .where(
            CYCLES.c.assessor_id == cycle["assessor_id"],
            (CYCLES.c.run_mode == "formal") | (CYCLES.c.id == cycle_id),
            CYCLES.c.year <= cycle["year"],
        )
        .order_by(CYCLES.c.year)
    )
    found = {}
    for row in connection.execute(query):
        grade = grade_of(connection, row.id, unit_id)
        if grade is not None:
            found[int(row.year)] = str(grade["grade"])
    return found


def streak_of(past: Mapping[int, str], grade: str) -> int:
    """How many years in a row, the newest included, had this grade."""
    years, found = max(past, default=0), 0
    while past.get(years - found) == grade:
        found += 1
    return found


def sheet_of(connection: Connection, cycle_id: str, unit_id: str) -> dict[str, Any] | None:
    """A unit's score sheet: its grade, rank, components with the gap to the best of the group, prior year.

    None while the unit has no grade.
    """
    grade = grade_of(connection, cycle_id, unit_id)
    if grade is None:
        return None
    content = content_in(connection, grade["snapshot_id"])
    mine = next(one for one in content["grades"] if one["unit"] == unit_id)
    others = [one for one in content["grades"] if one["group"] == mine["group"]]
    parts = _parts(connection, cycle_id, content, mine, others)
    return {
        "unit_id": unit_id,
        "unit_name": content["names"][unit_id],
        "year": cycle_of(connection, cycle_id)["year"],
        "grade_id": grade["id"],
        "snapshot_id": grade["snapshot_id"],
        **{name: grade[name] for name in ("grade", "computed_grade", "reason", "rank", "promoted", "vetoed")},
        "zone": grade["zone"] or "",
        "group": grade["unit_group"],
        "members": len(others),
        "total": format(grade["total"], "f"),
        "total_exact": format(grade["total_exact"], "f"),
        "best_total": max((one["total"] for one in others), key=Decimal),
        "graded_at": grade["graded_at"],
        "prior": prior_grade(connection, cycle_id, unit_id),
        "lines": lines_of(scheme_of(connection, cycle_id)),
        "parts": parts,
        "advice": advice_of(parts),
        "steps": next(one["steps"] for one in content["answers"]["units"] if one["unit"] == unit_id),
    }


def _parts(
    connection: Connection,
    cycle_id: str,
    content: Content,
    mine: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    profile = scheme_of(connection, cycle_id)
    scores = scores_sealed(connection, content, mine["unit"])
    found = []
    for component in components_of(profile):
        value = mine["components"].get(component.key)
        if value in (None, False, []):
            continue
        rows = [row for row in scores if row["component"] == component.key]
        top = None if component.kind == "flag" else _top(others, component.key)
        found.append(
            {
                "key": component.key,
                "label": component.label,
                "weight": plain(_weight(profile, component.key)),
                "value": "、".join(value) if isinstance(value, list) else shown(value),
                "exact": "" if isinstance(value, list) else plain(Decimal(value)),
                "best": plain(component.best),
                "top": "" if top is None else shown(top),
                "gap": "" if top is None else shown(top - Decimal(value)),
                "mean": "" if top is None else shown(_mean(others, component.key)),
                "basis": "；".join(dict.fromkeys(row["basis"] for row in rows if not row["title"])),
                "scores": rows,
            }
        )
    return found


def _weight(profile: Mapping[str, Any], key: str) -> Decimal | None:
    part = profile["composition"].get(key)
    return None if part is None else Decimal(str(part["weight"]))


def _top(others: Sequence[Mapping[str, Any]], key: str) -> Decimal:
    return max(Decimal(one["components"].get(key) or 0) for one in others)


def _mean(others: Sequence[Mapping[str, Any]], key: str) -> Decimal:
    return sum((Decimal(one["components"].get(key) or 0) for one in others), Decimal(0)) / len(others)


def snapshots_of(connection: Connection, cycle_id: str) -> list[Mapping[str, Any]]:
    """The snapshots of a cycle without their content, the newest first."""
    columns = [column for column in SNAPSHOTS.c if column.name != "content_text"]
    query = select(*columns).where(SNAPSHOTS.c.cycle_id == cycle_id).order_by(SNAPSHOTS.c.number.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def graded_rows(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The grading table: every unit's grade that counts, by group, rank and name."""
    names = {row.id: row.name for row in connection.execute(select(UNITS.c.id, UNITS.c.name))}
    rows = [
        {**row, "name": names[row["unit_id"]], "shown_total": format(row["total"], "f")}
        for row in current_grades(connection, cycle_id)
    ]
    return sorted(rows, key=lambda row: (row["unit_group"], row["rank"], row["name"]))
