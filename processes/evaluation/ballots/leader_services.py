"""What programs do in the leaders' evaluation: prepare, open, remind, close, count, record."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import Service, ServiceCall, Value
from engine.work.notices import Notice, notify
from processes.cycle.reading import scheme_of as content_of
from processes.evaluation.ballots.boxes import FEWEST, marks_in, open_box
from processes.evaluation.ballots.closing import close_box
from processes.evaluation.ballots.leader_reading import (
    CYCLES,
    EVALUATIONS,
    RESULTS,
    SCOPES,
    UNKNOWN,
    eligible_per_unit,
    evaluation_of,
    leader_names,
    mark_evaluation,
)
from processes.evaluation.ballots.scrubbing import require_scrubbed
from processes.evaluation.scheme import scheme_of
from processes.evaluation.score_records import Score
from processes.tables import table_of

SCORES = table_of(Score)
COMPONENT = "leaders"


class NoLeaders(Exception):
    """Nobody holds the post whose holders score."""

    def __init__(self) -> None:
        super().__init__("没有人担任打分的岗位：请系统管理员先任命市领导，再重试这一步。")


def prepare(call: ServiceCall) -> dict[str, Value]:
    """准备领导考评. Input `scorers`: ids of those who may score (`holders(…)` in the diagram)."""
    people = leader_names(call.connection, [str(one) for one in call.inputs.get("scorers") or []])
    if not people:
        raise NoLeaders
    content = content_of(call.connection, call.cycle_id)
    said = content["leaderEvaluation"]
    add = call.functions["add working days"]
    evaluation_id = new_id()
    insert_row(
        call.connection,
        EVALUATIONS,
        id=evaluation_id,
        cycle_id=call.cycle_id,
        box_id=open_box(call.connection, cycle_id=call.cycle_id, kind="leaders"),
        by_duty=said["scopeByDuty"]["value"],
        full=Decimal(str(content["scoring"]["leaders"]["full"]["value"])),
        closes_on=add(call.today, Decimal(said["windowWorkingDays"]["value"])),
        state="design",
        instance_id=call.instance_id,
        created_at=call.at,
    )
    return {
        "evaluationId": evaluation_id,
        "leaders": [{"id": one, "name": name} for one, name in people.items()],
        "reviewDays": Decimal(said["reviewWorkingDays"]["value"]),
    }


def open_ballot(call: ServiceCall) -> dict[str, Value]:
    """开始打分: who has a unit to score gets a turn."""
    evaluation = evaluation_of(call.connection, str(call.variables["evaluationId"]))
    mark_evaluation(call.connection, evaluation["id"], state="open")
    query = select(SCOPES.c.person_id).where(SCOPES.c.evaluation_id == evaluation["id"]).distinct()
    having = set(call.connection.execute(query).scalars())
    leaders = [one for one in call.variables["leaders"] if one["id"] in having]
    return {"leaders": leaders, "closesOn": evaluation["closes_on"]}


def remind(call: ServiceCall) -> dict[str, Value]:
    """提醒打分: tells the leader whose turn waits. Input `text` with the places {year} and {until}."""
    evaluation = evaluation_of(call.connection, str(call.variables["evaluationId"]))
    year = call.connection.execute(select(CYCLES.c.year).where(CYCLES.c.id == call.cycle_id)).scalar_one()
    text = str(call.inputs["text"]).format(year=year, until=evaluation["closes_on"])
    notice = Notice(
        cycle_id=call.cycle_id,
        kind="leaders.remind",
        params={"notice": text, "year": year},
        user_id=str(call.variables["leader"]["id"]),
        instance_id=call.instance_id,
    )
    notify(call.connection, [notice], at=call.at)
    return {}


def close(call: ServiceCall) -> dict[str, Value]:
    """封箱打乱: no more marks are taken, every row is written anew in shuffled order."""
    evaluation = evaluation_of(call.connection, str(call.variables["evaluationId"]))
    close_box(call.connection, evaluation["box_id"], at=call.at)
    mark_evaluation(call.connection, evaluation["id"], state="closed")
    return {}


def clean_file(call: ServiceCall) -> dict[str, Value]:
    """清除痕迹: nothing of the time before the closing is left in the file. Tried again until it is so."""
    evaluation = evaluation_of(call.connection, str(call.variables["evaluationId"]))
    require_scrubbed(call.connection, evaluation["box_id"])
    return {}


def count(call: ServiceCall) -> dict[str, Value]:
    """汇总打分: each unit's mean by the decision that the input `decision` names."""
    assert call.decide is not None
    connection = call.connection
    evaluation = evaluation_of(connection, str(call.variables["evaluationId"]))
    scheme = scheme_of(content_of(connection, call.cycle_id))
    marks = marks_in(connection, evaluation["box_id"])
    rows = []
    for unit_id, eligible in eligible_per_unit(connection, evaluation["id"]).items():
        scores = _scores(marks.get((unit_id, 0), Counter()))
        found = call.decide(str(call.inputs["decision"]), {"scores": scores, "scheme": scheme})
        rows.append(_result(evaluation["id"], unit_id, eligible, found))
    connection.execute(delete(RESULTS).where(RESULTS.c.evaluation_id == evaluation["id"]))
    if rows:
        connection.execute(insert(RESULTS), rows)
    mark_evaluation(connection, evaluation["id"], state="counted")
    return {"unitsWithTooFew": Decimal(sum(not row["enough"] for row in rows))}


def _scores(given: Counter[str]) -> list[Value]:
    """The marks, each as often as it was given; None for 不了解."""
    return [None if mark == UNKNOWN else Decimal(mark) for mark, many in given.items() for _ in range(many)]


def _result(evaluation_id: str, unit_id: str, eligible: int, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "evaluation_id": evaluation_id,
        "unit_id": unit_id,
        "eligible": eligible,
        "valid": int(found["n"]),
        "mean": found["mean"],
        "as_100": found["as_100"],
        "enough": bool(found["enough"]),
        "confidential": eligible == 1,
    }


def record_scores(call: ServiceCall) -> dict[str, Value]:
    """登记得分: means of enough marks go into the score ledger, as do those of a unit's only scorer.

    Nothing is recorded for a profile whose composition has no part by the leaders.
    """
    connection = call.connection
    evaluation = evaluation_of(connection, str(call.variables["evaluationId"]))
    rows = []
    if COMPONENT in content_of(connection, call.cycle_id)["composition"]:
        query = select(RESULTS).where(RESULTS.c.evaluation_id == evaluation["id"])
        for result in map(dict, connection.execute(query).mappings()):
            if result["valid"] and (result["enough"] or result["confidential"]):
                rows.append(_score(call, evaluation, result))
    if rows:
        connection.execute(insert(SCORES), rows)
    mark_evaluation(connection, evaluation["id"], state="recorded")
    return {"scoredUnits": Decimal(len(rows))}


def _score(call: ServiceCall, evaluation: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    basis = "领导考评"
    if result["confidential"]:
        basis += "（只有一位领导打分，保密，非秘密）"
    elif result["valid"] < FEWEST:
        basis += f"（有效打分少于 {FEWEST} 份）"
    return {
        "id": new_id(),
        "cycle_id": call.cycle_id,
        "unit_id": result["unit_id"],
        "component": COMPONENT,
        "value": result["mean"],
        "of": evaluation["full"],
        "method": "leader",
        "basis": basis,
        "inputs_json": {"evaluation": evaluation["id"], "valid": result["valid"]},
        "rules_json": [],
        "scored_at": call.at,
    }


def is_over(evaluation: Mapping[str, Any], today: date) -> bool:
    """Whether no more marks are taken."""
    return bool(evaluation["state"] != "open" or evaluation["closes_on"] < today)


SERVICES: dict[str, Service] = {
    "leaders.prepare": prepare,
    "leaders.open": open_ballot,
    "leaders.remind": remind,
    "leaders.close": close,
    "leaders.clean_file": clean_file,
    "leaders.count": count,
    "leaders.record_scores": record_scores,
}
