"""What pages show of feedback: who has read, who appeals, what became of each appeal."""

from typing import Any

from sqlalchemy import Connection, select

from processes.cycle.reading import scheme_of
from processes.evaluation.grading.marks import UNITS, components_of
from processes.evaluation.grading.reading import plain
from processes.feedback.appeals import APPEALS, acts_of, files_of
from processes.feedback.steps import SHEETS

SHEET_STATES = {"": "未查阅", "confirm": "已确认", "appeal": "已申诉", "silent": "期满无异议"}


def sheets_of(connection: Connection, cycle_id: str) -> dict[str, str]:
    """How each unit answered its sheet, in words, by unit."""
    query = select(SHEETS).where(SHEETS.c.cycle_id == cycle_id).order_by(SHEETS.c.made_at)
    return {row["unit_id"]: SHEET_STATES[row["outcome"]] for row in connection.execute(query).mappings()}


def appeals_of(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The appeals of a cycle as they were last worded, newest first, each with what was done with it."""
    newer = APPEALS.alias("newer")
    query = (
        select(APPEALS, UNITS.c.name.label("unit_name"))
        .join(UNITS, UNITS.c.id == APPEALS.c.unit_id)
        .where(
            APPEALS.c.cycle_id == cycle_id,
            ~select(newer.c.id).where(newer.c.replaces_id == APPEALS.c.id).exists(),
        )
        .order_by(APPEALS.c.filed_at.desc(), APPEALS.c.id)
    )
    labels = {one.key: one.label for one in components_of(scheme_of(connection, cycle_id))}
    found = []
    for row in connection.execute(query).mappings():
        acts = acts_of(connection, row["id"])
        found.append(
            {
                "id": row["id"],
                "unit_id": row["unit_id"],
                "unit_name": row["unit_name"],
                "component": labels.get(row["component"], row["component"]),
                "claimed": plain(row["claimed"]),
                "text": row["text"],
                "filed_at": row["filed_at"],
                "files": files_of(connection, row["id"]),
                "acts": acts,
                "state": f"{acts[-1]['step']}：{acts[-1]['outcome']}" if acts else "待签发",
            }
        )
    return found
