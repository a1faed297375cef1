"""找出有关单位: D19 is asked about each unit's grade, streak, veto and flags; and again when it fails."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from engine.feel.codec import to_json
from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import ServiceCall, Value
from processes.accountability.cases import (
    CASES,
    ORDER,
    add_measures,
    as_passed,
    case_id_of,
    case_of,
    measures_of,
    move_measure,
)
from processes.accountability.flags import TAKEN, VIOLATIONS, waiting_flags
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.deciding import current_grades
from processes.evaluation.grading.reading import grades_by_year, streak_of
from processes.evaluation.scheme import scheme_of as decision_scheme

DECISION = "sanctions"
GRAVITY = ("", *VIOLATIONS)
"""Violations, the gravest last."""


def find(call: ServiceCall) -> dict[str, Value]:
    """找出有关单位: a case for each unit about which D19 says anything. {concerned, limits}."""
    grades = {row["unit_id"]: row for row in current_grades(call.connection, call.cycle_id)}
    flags: dict[str, list[Mapping[str, Any]]] = {}
    for flag in waiting_flags(call.connection, call.cycle_id):
        flags.setdefault(flag["unit_id"], []).append(flag)
    concerned = 0
    for unit_id in dict.fromkeys((*grades, *sorted(flags))):
        mine = flags.get(unit_id, [])
        facts = _facts(call, unit_id, grades.get(unit_id), mine)
        found = _asked(call, facts)
        if found:
            concerned += 1
            _open(call, unit_id, grades.get(unit_id), mine, facts=facts, found=found)
    return {"concerned": Decimal(concerned), "limits": limits(call)}


def limits(call: ServiceCall) -> dict[str, Value]:
    """The values of the profile's section by name, as diagrams read them."""
    section = scheme_of(call.connection, call.cycle_id)["accountability"]
    return {name: entry["value"] for name, entry in section.items()}


def weigh_failure(call: ServiceCall) -> dict[str, Value]:
    """判断是否追究: what D19 adds after so many failures. {recommendations: [{id, measure}]}."""
    case = case_of(call.connection, case_id_of(call))
    found = _asked(call, {**_exact(case["facts"]), "failures": Decimal(case["failures"])})
    added = add_measures(call, case["id"], found, state="kept")
    new = as_passed(added)
    if new:
        for order in measures_of(call.connection, case["id"], way=ORDER, states=("kept", "sent")):
            move_measure(call, order["id"], state="failed")
    return {"recommendations": new}


def _facts(
    call: ServiceCall, unit_id: str, grade: Mapping[str, Any] | None, flags: Sequence[Mapping[str, Any]]
) -> dict[str, Value]:
    """What D19 is asked about a unit; a body that is not graded may still be flagged."""
    streak = 0
    if grade is not None:
        streak = streak_of(grades_by_year(call.connection, call.cycle_id, unit_id), grade["grade"])
    violation = max((flag["violation"] or "" for flag in flags), key=GRAVITY.index, default="")
    return {
        "grade": None if grade is None else grade["grade"],
        "streak": Decimal(streak),
        "vetoed": grade is not None and bool(grade["vetoed"]),
        "flags": sorted({flag["kind"] for flag in flags}),
        "fraud": any(flag["kind"] == "data_fraud" and not flag["violation"] for flag in flags),
        "violation": violation or None,
        "person": any(flag["person"] for flag in flags),
        "failures": Decimal(0),
    }


def _asked(call: ServiceCall, facts: Mapping[str, Value]) -> list[Mapping[str, Any]]:
    assert call.decide is not None
    scheme = decision_scheme(scheme_of(call.connection, call.cycle_id))
    return list(call.decide(DECISION, {"record": dict(facts), "scheme": scheme}) or [])


def _open(
    call: ServiceCall,
    unit_id: str,
    grade: Mapping[str, Any] | None,
    flags: Sequence[Mapping[str, Any]],
    *,
    facts: Mapping[str, Value],
    found: Sequence[Mapping[str, Any]],
) -> None:
    case_id = new_id()
    insert_row(
        call.connection,
        CASES,
        id=case_id,
        cycle_id=call.cycle_id,
        unit_id=unit_id,
        grade_id=None if grade is None else grade["id"],
        facts=to_json(dict(facts)),
        state="proposed",
        failures=0,
        opened_at=call.at,
        instance_id=call.instance_id,
    )
    if flags:
        taken = [{"flag_id": flag["id"], "case_id": case_id} for flag in flags]
        call.connection.execute(insert(TAKEN), taken)
    add_measures(call, case_id, found, state="proposed")


def _exact(facts: Mapping[str, Any]) -> dict[str, Value]:
    numbers = ("streak", "failures")
    return {name: Decimal(str(value)) if name in numbers else value for name, value in facts.items()}
