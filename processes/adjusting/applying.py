"""写入新版本: an approved adjustment becomes the target's newest version, in force from its day."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import ServiceCall, Value
from processes.adjusting.adjustment_steps import newest_statement, target_at
from processes.adjusting.cases import Case, add_act, case_at
from processes.adjusting.challenges import put_fact, standing_facts
from processes.adjusting.content import Content, changes_in_words
from processes.adjusting.records import AdjustmentFact
from processes.planning.reading import MEASURES, MILESTONES, TARGETS
from processes.planning.versions import Occasion, add_version, newest_versions
from processes.planning.waiting import settle
from processes.tables import table_of

FACTS = table_of(AdjustmentFact)
ABOVE = "challenge_above"


def apply_adjustment(call: ServiceCall) -> dict[str, Value]:
    """The target says what was approved; `versionNumber`, `changes` in words, `challengeLapsed`.

    Inputs: `caseId`, `document`, `documentOn`, `effectiveOn`, `decisionId` (null when the office approved).
    """
    case, asked = case_at(call), newest_statement(call)
    assert asked is not None
    target_id = str(case.row["target_id"])
    call.connection.execute(select(TARGETS.c.id).where(TARGETS.c.id == target_id).with_for_update())
    before = newest_versions(call.connection, [target_id]).get(target_id)
    _write(call, target_id, asked["before"], asked["after"])
    settle(call.connection, target_id)
    document, signed_on = str(call.inputs["document"]), call.inputs["documentOn"]
    occasion = Occasion(
        document,
        call.at,
        basis_on=signed_on if isinstance(signed_on, date) else None,
        by_person=asked["by_person"],
        instance_id=call.instance_id,
    )
    number = add_version(call.connection, target_id, occasion)
    _put_fact(call, case, number=number, before=int(before["number"]) if before else 0)
    changes = changes_in_words(asked["before"], asked["after"])
    facts = {"version": number, "document": document, "effective_on": str(call.inputs["effectiveOn"])}
    add_act(call, case.id, "applied", text=changes, facts=facts)
    return {
        "versionNumber": Decimal(number),
        "changes": changes,
        "challengeLapsed": _lapse_challenge(call, case, document),
    }


def _write(call: ServiceCall, target_id: str, before: Content, after: Content) -> None:
    """Write what the adjustment changes; what it leaves alone stays as it is meanwhile."""
    if before["text"] != after["text"]:
        call.connection.execute(update(TARGETS).where(TARGETS.c.id == target_id).values(text=after["text"]))
    old = {figure["measure"]: figure for figure in before["figures"]}
    for figure in after["figures"]:
        was = old[figure["measure"]]
        if figure["value"] != was["value"]:
            call.connection.execute(
                update(MEASURES)
                .where(MEASURES.c.id == figure["measure"])
                .values(value=Decimal(figure["value"]), awaits="")
            )
        if figure["milestones"] != was["milestones"]:
            _write_milestones(call, figure)


def _write_milestones(call: ServiceCall, figure: dict[str, Any]) -> None:
    mine = MILESTONES.c.measure_id == figure["measure"]
    call.connection.execute(delete(MILESTONES).where(mine))
    rows = [
        {"id": new_id(), "measure_id": figure["measure"], "month": int(month), "value": Decimal(value)}
        for month, value in figure["milestones"].items()
    ]
    if rows:
        call.connection.execute(insert(MILESTONES), rows)


def _put_fact(call: ServiceCall, case: Case, *, number: int, before: int) -> None:
    insert_row(
        call.connection,
        FACTS,
        id=new_id(),
        case_id=case.id,
        cycle_id=call.cycle_id,
        target_id=case.row["target_id"],
        version_before=before,
        version_number=number,
        effective_on=call.inputs["effectiveOn"],
        document=str(call.inputs["document"]),
        decision_id=call.inputs.get("decisionId"),
        made_at=call.at,
        instance_id=call.instance_id,
    )


def _lapse_challenge(call: ServiceCall, case: Case, document: str) -> bool:
    """A target that was raised as far as its challenge is none any more; whether that is so."""
    unit_id, target = str(case.row["unit_id"]), target_at(call)
    fact = standing_facts(call.connection, cycle_id=call.cycle_id, unit_id=unit_id).get(target.id)
    measure = next((one for one in target.measures if fact and one.id == fact["measure_id"]), None)
    if fact is None or measure is None:
        return False
    assert call.decide is not None
    challenge = {"value": fact["value"], "target": measure.value, "direction": measure.row["direction"]}
    if call.decide(ABOVE, {"challenge": challenge}) is not False:
        return False
    challenged = {**case.row, "id": fact["case_id"]}
    put_fact(call, challenged, measure_id=measure.id, value=fact["value"], basis=document, stands=False)
    add_act(call, str(fact["case_id"]), "lapsed", text=f"目标按 {document} 提高到 {measure.shown()}")
    return True
