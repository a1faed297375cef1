"""D18: from the two rounds to a list of awards, and from the approved list to bonus points."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import ServiceCall, StepContext, Value
from processes.evaluation.score_records import Score
from processes.innovation.expert_steps import decided
from processes.innovation.reading import (
    AWARDS,
    PROJECTS,
    RESULTS,
    UNITS,
    Row,
    limits_of,
    partners_of,
    project_label,
    project_of,
    projects_in,
    scoring_of,
)
from processes.innovation.results import results_of
from processes.tables import table_of

SCORES = table_of(Score)
PAPERS, DEFENCE = 1, 2


def standing(step: StepContext) -> list[dict[str, Any]]:
    """The finalists by the decision `final_standing`: {project, total, rank, tied}, the best first."""
    finalists = {project["id"] for project in projects_in(step.connection, step.cycle_id, ["finalist"])}
    rounds = [
        {row["project_id"]: row["trimmed"] for row in results_of(step.connection, step.cycle_id, number)}
        for number in (PAPERS, DEFENCE)
    ]
    rows = [
        {"project": project, "first": rounds[0][project], "second": rounds[1][project]}
        for project in rounds[1]
        if project in finalists
    ]
    if not rows:
        return []
    limits = limits_of(step.connection, step.cycle_id)
    answer = decided(step, "final_standing", finalists=rows, limits=limits)
    return sorted(answer, key=lambda one: int(one["rank"]))


def propose(call: ServiceCall) -> dict[str, Value]:
    """拟定获奖名单: places are a share of all projects reviewed; who is tied at a cut is left open.

    Answers `ties`: how many projects the committee has to decide about.
    """
    scheme = scoring_of(call.connection, call.cycle_id)
    entries = call.connection.execute(
        select(func.count()).where(RESULTS.c.cycle_id == call.cycle_id, RESULTS.c.round == PAPERS)
    ).scalar_one()
    ties = 0
    for one in standing(call):
        place = {"rank": one["rank"], "tied": one["tied"]}
        answer = decided(call, "award", entries=Decimal(entries), project=place, scheme=scheme)
        ties += bool(answer["committee"])
        add_award(
            call,
            str(one["project"]),
            award=answer["award"],
            rank=int(one["rank"]),
            committee=bool(answer["committee"]),
            stage="proposed",
        )
    return {"ties": Decimal(ties)}


def add_award(
    step: StepContext, project_id: str, *, award: str | None, rank: int, stage: str, committee: bool = False
) -> None:
    """A further word on what a project gets; the bonus is by the decision `project_bonus`."""
    prize = {"award": award, "bonus": _rubric_bonus(step.connection, step.cycle_id, project_id)}
    bonus = decided(step, "project_bonus", prize=prize, limits=limits_of(step.connection, step.cycle_id))
    insert_row(
        step.connection,
        AWARDS,
        id=new_id(),
        cycle_id=step.cycle_id,
        project_id=project_id,
        award=award,
        committee=committee,
        rank=rank,
        bonus=bonus["lead"],
        stage=stage,
        instance_id=step.instance_id,
        made_at=step.at,
    )


def awards_of(connection: Connection, cycle_id: str) -> list[Row]:
    """The newest word on every project that is still in the race, the best first."""
    newest: dict[str, Row] = {}
    query = select(AWARDS).where(AWARDS.c.cycle_id == cycle_id).order_by(AWARDS.c.id)
    for stored in connection.execute(query).mappings():
        newest[stored["project_id"]] = dict(stored)
    found = []
    for row in newest.values():
        project = project_of(connection, row["project_id"])
        if project["state"] != "struck":
            found.append({**row, "project": project, "label": project_label(project)})
    return sorted(found, key=lambda row: (row["rank"], row["project"]["number"]))


def award(call: ServiceCall) -> dict[str, Value]:
    """计入创新加分: one row in the score ledger a unit, under the input `component`, with its `basis`.

    Grading reads the ledger. Answers `bonuses`: [{unit, points}], so that the units can be told.
    """
    points: dict[str, Decimal] = defaultdict(Decimal)
    reasons: dict[str, list[dict[str, Any]]] = defaultdict(list)
    limits = limits_of(call.connection, call.cycle_id)
    for row in awards_of(call.connection, call.cycle_id):
        project = row["project"]
        state = "awarded" if row["award"] else "passed"
        call.connection.execute(update(PROJECTS).where(PROJECTS.c.id == project["id"]).values(state=state))
        if row["award"] is None:
            continue
        prize = {"award": row["award"], "bonus": row["bonus"]}
        bonus = decided(call, "project_bonus", prize=prize, limits=limits)
        shares = {project["unit_id"]: ("lead", bonus["lead"])}
        shares |= {
            unit["id"]: ("partner", bonus["partner"]) for unit in partners_of(call.connection, project["id"])
        }
        for unit_id, (part, share) in shares.items():
            points[unit_id] += share
            reasons[unit_id].append(
                {"project": project["id"], "award": row["award"], "part": part, "points": str(share)}
            )
    for unit_id, total in points.items():
        _score(call, unit_id, total, reasons[unit_id])
    units = _references(call, list(points))
    return {"bonuses": [{"unit": unit, "points": points[unit["id"]]} for unit in units]}


def _score(call: ServiceCall, unit_id: str, total: Decimal, reasons: list[dict[str, Any]]) -> None:
    scheme: Mapping[str, Any] = scoring_of(call.connection, call.cycle_id)
    insert_row(
        call.connection,
        SCORES,
        id=new_id(),
        cycle_id=call.cycle_id,
        unit_id=unit_id,
        component=str(call.inputs["component"]),
        value=total,
        of=scheme["innovation"]["max"],
        method="group",
        basis=str(call.inputs["basis"]),
        inputs_json={"projects": reasons},
        rules_json=["rubric_score", "award", "project_bonus"],
        scored_at=call.at,
    )


def _references(call: ServiceCall, unit_ids: list[str]) -> list[dict[str, Any]]:
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id.in_(unit_ids)).order_by(UNITS.c.code)
    )
    return [dict(row) for row in call.connection.execute(query).mappings()]


def _rubric_bonus(connection: Connection, cycle_id: str, project_id: str) -> Decimal:
    """创新加分 as the last round gave it."""
    query = (
        select(RESULTS.c.bonus)
        .where(RESULTS.c.cycle_id == cycle_id, RESULTS.c.project_id == project_id)
        .order_by(RESULTS.c.round.desc())
    )
    return Decimal(connection.execute(query).scalars().first() or 0)
