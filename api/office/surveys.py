"""满意度调查 and 领导考评 for who organises or reads them; the same for pages and REST.

Results are shown down to the layer; a group of fewer than five is not shown anywhere.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.sight import cycles_for
from engine.people.persons import Person
from engine.people.rights import Thing, may, require
from processes.evaluation.ballots.boxes import issue_codes, issued_per_layer, spent_in, spent_per_layer
from processes.evaluation.ballots.leader_reading import EVALUATIONS
from processes.evaluation.survey.reading import (
    CYCLES,
    SURVEYS,
    asked_units,
    layers_of,
    results_of,
    survey_of,
)
from processes.evaluation.survey.steps import percent

ACTS = ("run_survey", "see_scores")
MOST_CODES = 1000
"""So many codes are made and printed at once."""


@dataclass(frozen=True)
class LayerLine:
    """A layer with its return."""

    number: int
    name: str
    sampling: str
    weight: str
    quota: int
    issued: int
    spent: int
    percent: str


@dataclass(frozen=True)
class Found:
    """A survey as its page shows it."""

    survey: dict[str, Any]
    year: int
    layers: list[LayerLine]
    units: list[dict[str, Any]]
    results: dict[str, dict[int, dict[str, Any]]]
    may_issue: bool


def cycles_of_surveys(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """Cycles in which the person organises surveys or reads scores. Raises Trouble(403)."""
    for act in ACTS:
        if any(right.reach in ("assessor", "all") for right in person.rights_to(act)):
            return cycles_for(connection, person, act)
    raise Trouble(403, "not_allowed")


def surveys_in(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The surveys of a cycle, the newest first."""
    query = select(SURVEYS).where(SURVEYS.c.cycle_id == cycle_id).order_by(SURVEYS.c.created_at.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def evaluations_in(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The leaders' evaluations of a cycle, each with how many have voted."""
    query = select(EVALUATIONS).where(EVALUATIONS.c.cycle_id == cycle_id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [{**row, "cast": spent_in(connection, row["box_id"])} for row in rows]


def find_survey(connection: Connection, person: Person, survey_id: str) -> Found:
    """A survey for who organises it or may read scores. Raises Trouble(404)."""
    survey, whole, year = _survey(connection, person, survey_id)
    issued = issued_per_layer(connection, survey["box_id"])
    spent = spent_per_layer(connection, survey["box_id"])
    return Found(
        survey=survey,
        year=year,
        layers=[
            LayerLine(
                number=layer["number"],
                name=layer["name"],
                sampling=layer["sampling"],
                weight=format(layer["weight"].normalize(), "f"),
                quota=layer["quota"],
                issued=issued[layer["number"]],
                spent=spent[layer["number"]],
                percent=percent(spent[layer["number"]], issued[layer["number"]]),
            )
            for layer in layers_of(connection, survey_id)
        ],
        units=asked_units(connection, survey_id),
        results=results_of(connection, survey_id),
        may_issue=survey["state"] in ("approved", "open") and may(person, "run_survey", whole),
    )


def make_codes(house: House, person: Person, survey_id: str, *, layer: int, many: int) -> list[str]:
    """生成答题码 for a layer: shown by the caller, this once. Raises Trouble(404, 409, 422), NotAllowed."""
    with house.database.write() as connection:
        survey, whole, _year = _survey(connection, person, survey_id)
        require(person, "run_survey", whole)
        if survey["state"] not in ("approved", "open"):
            raise Trouble(409, "not_now", _("方案审核通过以后、截止以前才能生成答题码。"))
        found = [one for one in layers_of(connection, survey_id) if one["number"] == layer]
        if not found or not 1 <= many <= MOST_CODES:
            raise Trouble(422, "malformed", _("请选择一层，并写明 1 至 {n} 个。").format(n=MOST_CODES))
        left = found[0]["quota"] - issued_per_layer(connection, survey["box_id"])[layer]
        if many > left:
            sentence = _("这一层按抽样方案还可以生成 {n} 个答题码。").format(n=left)
            raise Trouble(422, "quota", sentence)
        return issue_codes(connection, survey["box_id"], layer=layer, many=many)


def _survey(connection: Connection, person: Person, survey_id: str) -> tuple[dict[str, Any], Thing, int]:
    try:
        survey = dict(survey_of(connection, survey_id))
    except LookupError:
        raise Trouble(404, "not_found") from None
    query = select(CYCLES.c.assessor_id, CYCLES.c.year).where(CYCLES.c.id == survey["cycle_id"])
    cycle = connection.execute(query).one()
    whole = Thing(assessor_id=cycle.assessor_id, cycle_id=survey["cycle_id"])
    if not any(may(person, act, whole) for act in ACTS):
        raise Trouble(404, "not_found")
    return survey, whole, int(cycle.year)
