"""合成目标得分: D08 over a unit's results, written to the score ledger with its reasons."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import ServiceCall, Value
from processes.evaluation.assessment.challenging import PLAIN, flags_of
from processes.evaluation.assessment.results import results_of
from processes.evaluation.assessment.rules import Rules, fired, plain, rules_of
from processes.evaluation.grading.marks import SCORES, counting_scores
from processes.evaluation.rulebook import Answer
from processes.planning.steps import unit_of

METHODS = {"auto": "auto", "self": "auto", "lead": "body", "group": "group", "second": "group"}
"""How a result was come by, as the score ledger calls it."""


def total(call: ServiceCall) -> dict[str, Value]:
    """One score a target and one for the unit, under the component that the profile names; {score}."""
    rules = rules_of(call.connection, instance_id=call.instance_id, cycle_id=call.cycle_id)
    unit_id = str(unit_of(call)["id"])
    results = results_of(call.connection, cycle_id=call.cycle_id, unit_id=unit_id)
    assessment: Any = rules.scheme["assessment"]
    ledger = _Ledger(call, rules, str(assessment["component"]), unit_id)
    marks: list[Value] = []
    flags = flags_of(call, rules)
    for target_id, result in sorted(results.items()):
        flagged = flags.get(target_id, PLAIN)
        inputs = {name: result[name] for name in ("weight", "achievement", "measure")} | flagged.inputs()
        answer = rules.decide("target_mark", target=inputs)
        mark: Any = answer.value
        marks.append(mark)
        reasons = (*flagged.reasons, answer)
        ledger.put(target_id, mark["mark"], Decimal(1), reasons, inputs=inputs, result=result)
    if not marks:
        return {"score": None}
    whole = rules.decide("target_score", marks=marks)
    said: Any = whole.value
    ledger.put(
        None, said["score"], Decimal(100), (whole,), inputs={"targets": len(marks), **said}, result=None
    )
    return {"score": said["score"]}


class _Ledger:
    """Writes scores of one component of one unit, each in the place of the one that counted before."""

    def __init__(self, call: ServiceCall, rules: Rules, component: str, unit_id: str) -> None:
        self.call, self.rules, self.component, self.unit_id = call, rules, component, unit_id
        rows = counting_scores(call.connection, call.cycle_id, unit_id=unit_id)
        self.before = {row["target_id"]: row["id"] for row in rows if row["component"] == component}

    def put(
        self,
        target_id: str | None,
        value: Decimal,
        of: Decimal,
        answers: Sequence[Answer],
        *,
        inputs: dict[str, Any],
        result: dict[str, Any] | None,
    ) -> None:
        decision = "target_score" if target_id is None else "target_mark"
        insert_row(
            self.call.connection,
            SCORES,
            id=new_id(),
            cycle_id=self.call.cycle_id,
            unit_id=self.unit_id,
            component=self.component,
            target_id=target_id,
            value=value,
            of=of,
            method=METHODS[result["way"]] if result else "auto",
            basis=result["basis"] if result else "各项目标按权重合成",
            inputs_json=plain(inputs) | ({"result": result["id"]} if result else {}),
            rules_json=(result["rules"] if result else []) + fired(*answers),
            decision_version_id=self.rules.versions.get(decision),
            scored_by=result["by_person"] if result else None,
            scored_unit_id=result["by_unit_id"] if result else None,
            scored_at=self.call.at,
            replaces_id=self.before.get(target_id),
        )
