"""Asking for a change: a unit declares a challenge or wants its target adjusted; the office may want it too.

The case is stored first; the message that goes with it starts its process.
Source: 004_7fcb70e31656ebad.txt, 三(一)3 and 三(三)2 (挑战指标); 三(一)3(1) (动态调整).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.ids import new_id
from engine.runtime.tables import Instance
from processes.adjusting.allowed import UnitYear, no_adjustment, no_challenge, unit_year_of
from processes.adjusting.cases import (
    ADJUSTMENT,
    CHALLENGE,
    KINDS,
    Case,
    case_of,
    cases_of_targets,
    open_case,
)
from processes.adjusting.challenges import standing_facts
from processes.adjusting.terms import (
    adjustment_terms,
    challenge_scheme,
    challenge_terms,
)
from processes.cycle.freezing import frozen_sentence
from processes.planning.assigning import MessageToPublish, newest_assignment
from processes.planning.reading import TARGETS, TargetView, target_of
from processes.planning.steps import UNITS
from processes.tables import table_of

INSTANCES = table_of(Instance)
SELECTION = "challenge_selection"
CHALLENGE_WANTED = "challenge.wanted"
ADJUSTMENT_WANTED = "adjustment.wanted"
WITHDRAWN = "change.withdrawn"


class ChangeRefused(Exception):
    """A change cannot be asked for: the sentence says why and what to do."""


def declare_challenge(
    connection: Connection, target_id: str, *, by: str, at: datetime, today: date
) -> MessageToPublish:
    """申报挑战: open the case; the message that brings the form to the unit's liaison.

    Raises: ChangeRefused.
    """
    target = _locked(connection, target_id)
    year, cases = _circumstances(connection, target)
    if refusal := no_challenge(year, target, cases, today=today):
        raise ChangeRefused(refusal)
    case = open_case(connection, target, kind=CHALLENGE, asker="unit", by=by, at=at)
    scheme = challenge_scheme(connection, target.row["cycle_id"])
    return _message(connection, CHALLENGE_WANTED, case, target, terms=year.challenge, scheme=scheme)


def ask_adjustment(
    connection: Connection, target_id: str, *, asker: str, by: str, at: datetime
) -> MessageToPublish:
    """申请调整: open the case of the unit or the office; the message that brings them the form.

    Raises: ChangeRefused.
    """
    target = _locked(connection, target_id)
    year, cases = _circumstances(connection, target)
    if refusal := no_adjustment(year, target, cases):
        raise ChangeRefused(refusal)
    assigned = newest_assignment(connection, target.id)
    if assigned is not None and assigned["applied_at"] is None:
        raise ChangeRefused("这项目标有新下达的数值正在写入，请稍后再提。")
    case = open_case(connection, target, kind=ADJUSTMENT, asker=asker, by=by, at=at)
    terms = adjustment_terms(connection, target.row["cycle_id"])
    return _message(connection, ADJUSTMENT_WANTED, case, target, terms=terms, asker=asker)


def withdraw(connection: Connection, case_id: str, *, reason: str) -> MessageToPublish:
    """撤回: the message that ends the case's process. Raises: ChangeRefused once it has been decided."""
    case = case_of(connection, case_id)
    assert case is not None
    if not case.running:
        raise ChangeRefused(f"“{case.row['label']}”的{KINDS[case.row['kind']]}已经办结，不能撤回。")
    if case.state == "approved":
        raise ChangeRefused("调整已经批准，正在写入新版本，不能撤回；需要再改的，请另行申请。")
    if not reason.strip():
        raise ChangeRefused("请写明为什么撤回。")
    return MessageToPublish(
        cycle_id=str(case.row["cycle_id"]),
        name=WITHDRAWN,
        key=case.id,
        message_id=new_id(),
        variables={"withdrawnBecause": reason.strip()},
    )


def _circumstances(connection: Connection, target: TargetView) -> tuple[UnitYear, list[Case]]:
    """What decides whether a change may be asked for: the unit's year, the target's cases."""
    year = unit_year_of(connection, cycle_id=target.row["cycle_id"], unit_id=target.row["unit_id"])
    return year, cases_of_targets(connection, [target.id])


def _locked(connection: Connection, target_id: str) -> TargetView:
    """The target, its row locked: two requests at once see each other."""
    connection.execute(select(TARGETS.c.id).where(TARGETS.c.id == target_id).with_for_update())
    target = target_of(connection, target_id)
    if target is None:
        raise ChangeRefused("没有这项目标。")
    return target


def _message(
    connection: Connection,
    name: str,
    case: Any,
    target: TargetView,
    *,
    terms: dict[str, Any] | None,
    **further: Any,
) -> MessageToPublish:
    unit = connection.execute(
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id == case["unit_id"])
    )
    return MessageToPublish(
        cycle_id=str(case["cycle_id"]),
        name=name,
        key=target.id,
        message_id=str(case["id"]),
        variables={
            "caseId": case["id"],
            "targetId": target.id,
            "targetKind": target.row["kind"],
            "targetTitle": target.label,
            "unit": dict(unit.mappings().one()),
            "terms": terms,
            **further,
        },
    )


def begin_selection(connection: Connection, cycle_id: str) -> dict[str, Any]:
    """选取关键性挑战指标: what its process begins with. Raises: ChangeRefused when there is nothing to choose
    from, one is under way, or the year is frozen."""
    terms = challenge_terms(connection, cycle_id)
    if terms is None:
        raise ChangeRefused("本年度的考评方案没有挑战指标。")
    if frozen := frozen_sentence(connection, cycle_id):
        raise ChangeRefused(frozen)
    if not standing_facts(connection, cycle_id=cycle_id):
        raise ChangeRefused("还没有列入的挑战指标，没有可以选取的。")
    mine = INSTANCES.c.cycle_id == cycle_id, INSTANCES.c.process_key == SELECTION
    ends = list(connection.execute(select(INSTANCES.c.ended_at).where(*mine)).scalars())
    if None in ends:
        raise ChangeRefused("关键性挑战指标正在选取，请等登记以后再发起。")
    return {"terms": terms, "selection": len(ends) + 1}
