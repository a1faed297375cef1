"""D17 and elimination: marks of a round become raw, trimmed and standard scores, ranks, who goes on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FormData, ServiceCall, StepContext, Value
from processes.innovation.expert_steps import decided
from processes.innovation.reading import (
    PROJECTS,
    RESULTS,
    REVIEWS,
    Row,
    limits_of,
    plain,
    project_label,
    project_of,
    projects_in,
    reference,
    scoring_of,
)
from processes.planning.unit_steps import Unchecked

WAYS = {"raw": "原始平均", "trimmed": "去高低平均", "z": "标准分"}


class NobodyScored(Exception):
    """A project has no mark at all in a round."""

    def __init__(self, project: str) -> None:
        super().__init__(f"项目 {project} 没有一位专家评分，不能排名；请另行安排专家评审。")
        self.project = project


def normalise(call: ServiceCall) -> dict[str, Value]:
    """规范化评分: the matrix goes to D17, the ranks come from `round_results`. Raises: NobodyScored."""
    number = int(call.variables["round"])
    projects = [project_of(call.connection, str(one["id"])) for one in call.variables["projects"]]
    given = reviews_of(call.connection, call.cycle_id, number)
    for project in projects:
        if not any(review["project_id"] == project["id"] for review in given):
            raise NobodyScored(project_label(project))
    scheme = scoring_of(call.connection, call.cycle_id)
    normal = decided(call, "normalised_scores", scores=matrix(projects, given))
    rubrics = [
        decided(call, "rubric_score", rubric=rubric(project, given, scheme), scheme=scheme)
        for project in projects
    ]
    ranked = decided(
        call,
        "round_results",
        results=[
            {"project": project["id"], "raw": one["raw"], "z": one["z"], "expert": marks["expert"]}
            for project, one, marks in zip(projects, normal, rubrics, strict=True)
        ],
        limits=limits_of(call.connection, call.cycle_id),
        scheme=scheme,
    )
    for project, one, marks, rank in zip(projects, normal, rubrics, ranked, strict=True):
        insert_row(
            call.connection,
            RESULTS,
            id=new_id(),
            cycle_id=call.cycle_id,
            project_id=project["id"],
            round=number,
            experts=sum(review["project_id"] == project["id"] for review in given),
            raw=one["raw"],
            trimmed=rank["trimmed"],
            z=one["z"],
            rank=int(rank["rank"]),
            bonus=marks["bonus"],
            made_at=call.at,
        )
    return {}


def reviews_of(connection: Connection, cycle_id: str, number: int) -> list[Row]:
    """Every mark of a round, in the order given."""
    query = (
        select(REVIEWS)
        .where(REVIEWS.c.cycle_id == cycle_id, REVIEWS.c.round == number)
        .order_by(REVIEWS.c.scored_at, REVIEWS.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def matrix(projects: Sequence[Row], given: Sequence[Row]) -> list[list[Decimal | None]]:
    """One row an expert, one place a project; nothing where the expert did not score."""
    experts = list(dict.fromkeys(review["user_id"] for review in given))
    marks = {(review["user_id"], review["project_id"]): review["mark"] for review in given}
    return [[marks.get((expert, project["id"])) for project in projects] for expert in experts]


def rubric(project: Row, given: Sequence[Row], scheme: Any) -> dict[str, list[Decimal]]:
    """The coefficients of each dimension, and what the office verified."""
    mine = [review["marks"] for review in given if review["project_id"] == project["id"]]
    found = {name: [Decimal(marks[name]) for marks in mine] for name in scheme["innovation"]["points"]}
    return {**found, "verified": [project["verified"] or Decimal(0)]}


def eliminate(call: ServiceCall) -> dict[str, Value]:
    """首轮淘汰: the bottom share goes, who is tied at the cut stays; the others defend their projects."""
    standings = [
        {"project": row["project_id"], "rank": row["rank"]}
        for row in results_of(call.connection, call.cycle_id, 1)
    ]
    answer = decided(
        call, "elimination", standings=standings, limits=limits_of(call.connection, call.cycle_id)
    )
    for one in answer:
        call.connection.execute(
            update(PROJECTS)
            .where(PROJECTS.c.id == one["project"])
            .values(state="eliminated" if one["eliminated"] else "finalist")
        )
    finalists = projects_in(call.connection, call.cycle_id, ["finalist"])
    return {"finalists": [reference(project) for project in finalists]}


def results_of(connection: Connection, cycle_id: str, number: int) -> list[Row]:
    """The results of a round, the best first."""
    query = (
        select(RESULTS, PROJECTS.c.number.label("project_number"))
        .join(PROJECTS, PROJECTS.c.id == RESULTS.c.project_id)
        .where(RESULTS.c.cycle_id == cycle_id, RESULTS.c.round == number)
        .order_by(RESULTS.c.rank, PROJECTS.c.number)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def matrix_rows(connection: Connection, cycle_id: str, number: int) -> list[Row]:
    """A round as the office sees it: raw, trimmed and standard scores, and every expert's mark."""
    given = reviews_of(connection, cycle_id, number)
    found = []
    for row in results_of(connection, cycle_id, number):
        project = project_of(connection, row["project_id"])
        marks = [plain(review["mark"]) for review in given if review["project_id"] == row["project_id"]]
        found.append(
            {
                "id": row["project_id"],
                "rank": str(row["rank"]),
                "project": project_label(project),
                "unit": project["unit_name"],
                "raw": plain(row["raw"]),
                "trimmed": plain(row["trimmed"]),
                "z": plain(row["z"], 4),
                "bonus": plain(row["bonus"], 4),
                "marks": "、".join(marks),
            }
        )
    return found


class Matrix(Unchecked):
    """核定评审结果: the office looks at the whole matrix; nothing in it can be changed."""

    def read(self, step: StepContext) -> FormData:
        number = int(step.variables["round"])
        way = str(limits_of(step.connection, step.cycle_id)["rankBy"])
        rows = matrix_rows(step.connection, step.cycle_id, number)
        return {
            "round": str(number),
            "way": WAYS.get(way, way),
            "results": [{**row, "locked": True} for row in rows],
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}
