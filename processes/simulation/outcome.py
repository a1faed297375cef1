"""What came of a virtual year: counts, what is stuck and why, whether the audit holds, the units' results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.audit.chain import broken_chains
from engine.store import Queries
from processes.evaluation.grading.deciding import current_grades
from processes.evaluation.grading.sealing import SNAPSHOTS, content_in, faults_of
from processes.simulation.city import VirtualCity

QUERIES = Queries(Path(__file__).with_name("outcome.sql"))
PUBLISHED = (
    "unit",
    "group",
    "components",
    "total_exact",
    "total",
    "rank",
    "zone",
    "grade",
    "promoted",
    "rules",
)
"""What `score` and `simulate` say of a unit, in the same words."""


@dataclass(frozen=True)
class Stuck:
    """An instance that had not ended when the year was over, and what it waits for."""

    process: str
    subject: str
    waits: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of the year."""

    instances: int
    work_items: int
    open_incidents: list[dict[str, str]]
    stuck: list[Stuck]
    audit_faults: list[str]
    units: list[dict[str, Any]]
    processes: Mapping[str, int] = field(default_factory=dict)

    @property
    def audit_ok(self) -> bool:
        """Whether every audit chain and every sealed snapshot verifies."""
        return not self.audit_faults


def outcome_of(connection: Connection, city: VirtualCity) -> Outcome:
    """Look at the database when the year is over."""

    def count(name: str) -> int:
        row = QUERIES.row(connection, name, cycle_id=city.cycle_id)
        return int(row["how_many"]) if row else 0

    processes: dict[str, int] = {}
    for row in QUERIES.rows(connection, "count_by_process", cycle_id=city.cycle_id):
        processes[row["process_key"]] = processes.get(row["process_key"], 0) + int(row["how_many"])
    incidents = QUERIES.rows(connection, "open_incidents", cycle_id=city.cycle_id)
    return Outcome(
        instances=count("count_instances"),
        work_items=count("count_items") + count("count_open_items"),
        open_incidents=[
            {
                "process": row["process_key"] or "",
                "element": row["element_id"],
                "subject": row["subject_name"] or "",
                "kind": row["kind"],
                "message": row["message"],
            }
            for row in incidents
        ],
        stuck=_stuck(connection, city),
        audit_faults=_audit_faults(connection, city),
        units=units_of(connection, city),
        processes=processes,
    )


def units_of(connection: Connection, city: VirtualCity) -> list[dict[str, Any]]:
    """The units as the newest sealed and decided snapshot has them, by rank within their group; [] before."""
    grades = {row["unit_id"]: row for row in current_grades(connection, city.cycle_id)}
    found = []
    for snapshot_id in dict.fromkeys(row["snapshot_id"] for row in grades.values()):
        content = content_in(connection, snapshot_id)
        answers = {one["unit"]: one for one in content["answers"]["units"]}
        for graded in content["grades"]:
            grade = grades.get(graded["unit"])
            if grade is None or grade["snapshot_id"] != snapshot_id:
                continue
            said = {**answers[graded["unit"]], **graded, "unit": content["names"][graded["unit"]]}
            code = city.codes[graded["unit"]]
            found.append((said["group"], said["rank"], code, {name: said[name] for name in PUBLISHED}))
    return [said for _group, _rank, _code, said in sorted(found, key=lambda one: one[:3])]


def _stuck(connection: Connection, city: VirtualCity) -> list[Stuck]:
    found = []
    for row in QUERIES.rows(connection, "not_ended", cycle_id=city.cycle_id):
        ids = {"instance_id": row["id"]} | {f"instance_id{number}": row["id"] for number in range(2, 6)}
        waits = QUERIES.rows(connection, "waits_of", **ids)
        said = tuple(sorted({f"{one['kind']} {one['element_id']}" for one in waits}))
        found.append(Stuck(row["process_key"], row["subject_name"], said))
    return found


def _audit_faults(connection: Connection, city: VirtualCity) -> list[str]:
    faults = [f"{chain}：{reason}" for chain, reason in broken_chains(connection)]
    snapshots = connection.execute(
        SNAPSHOTS.select().where(SNAPSHOTS.c.cycle_id == city.cycle_id).order_by(SNAPSHOTS.c.number)
    ).mappings()
    for snapshot in snapshots.all():
        faults += [f"第 {snapshot['number']} 份封存：{one}" for one in faults_of(connection, snapshot["id"])]
    return faults
