"""What an expert may read of the project of their seat: text and files without the unit.

A file is handed out under a neutral name; what stands inside is the unit's own care (form 报送结题材料).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from processes.innovation.reading import SEATS, limits_of, project_of

READABLE = ("released", "scored")


@dataclass(frozen=True)
class Material:
    """A project for one expert. `unit_name` is empty in a blind round; `file_ids` are the anonymous files."""

    seat_id: str
    round: int
    number: str
    title: str
    topic: str
    unit_name: str
    summary: str
    report: str
    statement: str
    file_ids: tuple[str, ...]


def material_for(connection: Connection, user_id: str, seat_id: str) -> Material | None:
    """The material of the person's own seat while it is theirs; None for anybody else."""
    found = connection.execute(select(SEATS).where(SEATS.c.id == seat_id)).mappings().one_or_none()
    if found is None or found["user_id"] != user_id or found["state"] not in READABLE:
        return None
    project: dict[str, Any] = project_of(connection, found["project_id"])
    blind = int(found["round"]) in [
        int(one) for one in limits_of(connection, found["cycle_id"])["blindRounds"]
    ]
    return Material(
        seat_id=seat_id,
        round=int(found["round"]),
        number=project["number"],
        title=project["title"],
        topic=f"{project['domain']}：{project['direction']}",
        unit_name="" if blind else project["unit_name"],
        summary=project["blind_summary"],
        report=project["blind_report"],
        statement="" if blind else project["statement"],
        file_ids=tuple(project["blind_file_ids"]),
    )
