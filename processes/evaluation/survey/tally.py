"""清洗和计分: what is in the closed box, by unit and layer; every figure comes from D09's decisions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.ids import new_id
from engine.work.bindings import ServiceCall, Value
from processes.cycle.reading import scheme_of as content_of
from processes.evaluation.ballots.boxes import FEWEST, marks_in, spent_per_layer
from processes.evaluation.scheme import scheme_of
from processes.evaluation.score_records import Score
from processes.evaluation.survey.groups import shown_layers
from processes.evaluation.survey.reading import (
    RESULTS,
    asked_units,
    layers_of,
    mark_survey,
    results_of,
    survey_of,
)
from processes.tables import table_of

SCORES = table_of(Score)
UNKNOWN = "unknown"
Counts = dict[int, list[Decimal]]
"""layer → valid answers by level."""


class NoDecisions(Exception):
    """The step does not name the decisions that count (`bihuan:decisions`)."""

    def __init__(self, element_id: str) -> None:
        super().__init__(f"步骤 {element_id} 没有写明计分的决策：请在“引用的决策”里写上它们")
        self.element_id = element_id


class Surplus(Exception):
    """A layer holds more answers about a unit than codes were spent: what no page can have taken."""

    def __init__(self, layer: int) -> None:
        super().__init__(
            f"第 {layer} 层的答卷多于用掉的答题码：票箱里有不是凭码投入的答卷。"
            "没有统计任何结果，请保留数据库并查明来源。"
        )
        self.layer = layer


@dataclass(frozen=True)
class Votes:
    """What was said about one unit."""

    counts: Counts
    unknown: Counter[int]

    @property
    def valid(self) -> dict[int, int]:
        """How many valid answers each layer gave."""
        return {layer: int(sum(levels)) for layer, levels in self.counts.items()}


def tally(call: ServiceCall) -> dict[str, Value]:
    """清洗、计分: counts the closed box again from nothing; the results replace earlier ones.

    Input `decisions`: {satisfaction, layers}, the ids of the decisions that are asked. Raises Surplus
    when a layer holds more answers about a unit than codes were spent in it.
    """
    survey = survey_of(call.connection, str(call.variables["surveyId"]))
    layers = layers_of(call.connection, survey["id"])
    units = asked_units(call.connection, survey["id"])
    marks = marks_in(call.connection, survey["box_id"])
    spent = spent_per_layer(call.connection, survey["box_id"])
    _require_no_surplus(marks, spent)
    scheme = scheme_of(content_of(call.connection, call.cycle_id))
    rows: list[dict[str, Any]] = []
    for unit in units:
        votes = _votes(marks, unit["unit_id"], layers, levels=len(survey["levels"]))
        rows += _results(
            call, scheme, layers, votes, of={"survey_id": survey["id"], "unit_id": unit["unit_id"]}
        )
    call.connection.execute(delete(RESULTS).where(RESULTS.c.survey_id == survey["id"]))
    if rows:
        call.connection.execute(insert(RESULTS), rows)
    mark_survey(call.connection, survey["id"], state="tallied", missing_sheets=_missing(marks, spent))
    whole = [row for row in rows if row["layer"] == 0]
    first = whole[0] if len(whole) == 1 else None
    return {
        "spentCodes": Decimal(sum(spent.values())),
        "hiddenUnits": Decimal(sum(not row["shown"] for row in whole)),
        "surveyRate": first["rate"] if first else None,
        "surveyPassed": first["passed"] if first else None,
    }


def _require_no_surplus(marks: Mapping[tuple[str, int], Counter[str]], spent: Counter[int]) -> None:
    for (_unit, layer), given in marks.items():
        if given.total() > spent[layer]:
            raise Surplus(layer)


def _missing(marks: Mapping[tuple[str, int], Counter[str]], spent: Counter[int]) -> int:
    """Codes spent without a sheet, at most: an answer about every unit is not compulsory."""
    most: Counter[int] = Counter()
    for (_unit, layer), given in marks.items():
        most[layer] = max(most[layer], given.total())
    return sum(max(many - most[layer], 0) for layer, many in spent.items())


def _votes(
    marks: Mapping[tuple[str, int], Counter[str]], unit_id: str, layers: list[dict[str, Any]], *, levels: int
) -> Votes:
    counts: Counts = {}
    unknown: Counter[int] = Counter()
    for layer in layers:
        given = marks.get((unit_id, layer["number"]), Counter())
        counts[layer["number"]] = [Decimal(given[str(level)]) for level in range(1, levels + 1)]
        unknown[layer["number"]] = given[UNKNOWN]
    return Votes(counts, unknown)


def _results(
    call: ServiceCall,
    scheme: Mapping[str, Value],
    layers: list[dict[str, Any]],
    votes: Votes,
    *,
    of: Mapping[str, str],
) -> list[dict[str, Any]]:
    """A row a layer, and one for all of them."""
    shown = shown_layers(votes.valid)
    rows = []
    for layer in layers:
        counts, number = votes.counts[layer["number"]], layer["number"]
        found = _ask(call, "satisfaction", {"answers": {"counts": counts}, "scheme": scheme})
        rows.append(
            _row(of, number, counts, votes.unknown[number], found, found["score"], shown=number in shown)
        )
    pooled = [sum(column, Decimal(0)) for column in zip(*votes.counts.values(), strict=True)]
    whole = _ask(call, "satisfaction", {"answers": {"counts": pooled}, "scheme": scheme})
    weighted = [{"weight": layer["weight"], "counts": votes.counts[layer["number"]]} for layer in layers]
    layered = _ask(call, "layers", {"layers": weighted, "scheme": scheme})
    enough = sum(pooled) >= FEWEST
    rows.append(_row(of, 0, pooled, votes.unknown.total(), whole, layered["score"], shown=enough))
    return rows


def _row(
    of: Mapping[str, str],
    layer: int,
    counts: list[Decimal],
    unknown: int,
    found: Mapping[str, Any],
    score: Decimal | None,
    *,
    shown: bool,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        **of,
        "layer": layer,
        "shown": shown,
        "counts": [int(one) for one in counts] if shown else None,
        "unknown": unknown if shown else None,
        "rate": found["rate"] if shown else None,
        "score": score if shown else None,
        "passed": found["pass"] if shown else None,
    }


def _ask(call: ServiceCall, which: str, context: dict[str, Value]) -> Mapping[str, Any]:
    decisions = call.inputs.get("decisions")
    if call.decide is None or not isinstance(decisions, Mapping) or which not in decisions:
        raise NoDecisions(call.element_id)
    found: Mapping[str, Any] = call.decide(str(decisions[which]), context)
    return found


def record_scores(call: ServiceCall) -> dict[str, Value]:
    """登记得分: the weighted score of each unit goes into the score ledger, as the component that the
    profile marks as the survey. A unit with too few answers gets none."""
    connection = call.connection
    survey = survey_of(connection, str(call.variables["surveyId"]))
    results = results_of(connection, survey["id"])
    component = survey_component(content_of(connection, call.cycle_id))
    before = _earlier(connection, call.cycle_id, component)
    rows = []
    for unit in asked_units(connection, survey["id"]):
        whole = results.get(unit["unit_id"], {}).get(0)
        if whole is not None and whole["score"] is not None:
            rows.append(_score(call, survey, whole, component, before.get(unit["unit_id"])))
    if rows:
        connection.execute(insert(SCORES), rows)
    mark_survey(connection, survey["id"], state="recorded")
    return {"scoredUnits": Decimal(len(rows))}


def survey_component(content: Mapping[str, Any]) -> str:
    """The part of the composition that the survey makes: the one marked `survey`."""
    parts: Mapping[str, Mapping[str, Any]] = content["composition"]
    return next((key for key, part in parts.items() if part.get("survey")), "social")


def _score(
    call: ServiceCall, survey: Mapping[str, Any], whole: Mapping[str, Any], component: str, before: str | None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "cycle_id": call.cycle_id,
        "unit_id": whole["unit_id"],
        "component": component,
        "value": whole["score"],
        "of": Decimal(100),
        "method": "survey",
        "basis": survey["title"],
        "inputs_json": {"survey": survey["id"], "counts": whole["counts"], "rate": str(whole["rate"])},
        "rules_json": [],
        "scored_at": call.at,
        "replaces_id": before,
    }


def _earlier(connection: Connection, cycle_id: str, component: str) -> dict[str, str]:
    """unit → its newest score of the component, which a new one replaces."""
    query = (
        select(SCORES.c.unit_id, SCORES.c.id)
        .where(SCORES.c.cycle_id == cycle_id, SCORES.c.component == component)
        .order_by(SCORES.c.scored_at, SCORES.c.id)
    )
    return {row.unit_id: row.id for row in connection.execute(query)}
