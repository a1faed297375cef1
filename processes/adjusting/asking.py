"""Asking for a change: a unit declares a challenge or wants its target adjusted; the office may want it too.

The case is stored first; the message that goes with it starts its process.
Source: 004_7fcb70e31656ebad.txt, 三(一)3 and 三(三)2 (挑战指标); 三(一)3(1) (动态调整).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.ids import new_id
from engine.runtime.tables import Instance
from processes.adjusting.cases import (
    ADJUSTMENT,
    CHALLENGE,
    KINDS,
    STANDING,
    Case,
    case_of,
    cases_of_targets,
    open_case,
)
from processes.adjusting.challenges import standing_facts
from processes.adjusting.terms import (
    adjustment_terms,
    challenge_closes,
    challenge_scheme,
    challenge_terms,
)
from processes.cycle.freezing import frozen_sentence
from processes.planning.assigning import MessageToPublish, newest_assignment
from processes.planning.reading import TARGETS, TargetView, target_of
from processes.planning.steps import UNITS, plan_of
from processes.tables import table_of

INSTANCES = table_of(Instance)
SELECTION = "challenge_selection"
CHALLENGE_WANTED = "challenge.wanted"
ADJUSTMENT_WANTED = "adjustment.wanted"
WITHDRAWN = "change.withdrawn"

REVIEWED = ("passed", "endorsed", "approved", "issued")
"""States of a plan that the office has reviewed: from then on its figures are something to compare with."""


class ChangeRefused(Exception):
    """A change cannot be asked for: the sentence says why and what to do."""


def declare_challenge(
    connection: Connection, target_id: str, *, by: str, at: datetime, today: date
) -> MessageToPublish:
    """申报挑战: open the case; the message that brings the form to the unit's liaison.

    Raises: ChangeRefused.
    """
    target = _locked(connection, target_id)
    terms = challenge_terms(connection, target.row["cycle_id"])
    refusal = _no_challenge(connection, target, terms, today=today)
    if refusal:
        raise ChangeRefused(refusal)
    case = open_case(connection, target, kind=CHALLENGE, asker="unit", by=by, at=at)
    scheme = challenge_scheme(connection, target.row["cycle_id"])
    return _message(connection, CHALLENGE_WANTED, case, target, terms=terms, scheme=scheme)


def ask_adjustment(
    connection: Connection, target_id: str, *, asker: str, by: str, at: datetime
) -> MessageToPublish:
    """申请调整: open the case of the unit or the office; the message that brings them the form.

    Raises: ChangeRefused.
    """
    target = _locked(connection, target_id)
    refusal = _no_adjustment(connection, target)
    if refusal:
        raise ChangeRefused(refusal)
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


def challenge_refusal(connection: Connection, target: TargetView, cases: list[Case], *, today: date) -> str:
    """Why a challenge cannot be declared for a target now; empty when it can."""
    terms = challenge_terms(connection, target.row["cycle_id"])
    return _no_challenge(connection, target, terms, today=today, cases=cases)


def _no_challenge(
    connection: Connection,
    target: TargetView,
    terms: dict[str, Any] | None,
    *,
    today: date,
    cases: list[Case] | None = None,
) -> str:
    cycle_id, unit_id = target.row["cycle_id"], target.row["unit_id"]
    closes = challenge_closes(connection, cycle_id)
    if terms is None or closes is None:
        return "本年度的考评方案没有挑战指标。"
    if today > closes:
        return f"挑战指标申报已于 {closes} 截止。"
    if frozen := frozen_sentence(connection, cycle_id):
        return frozen
    if plan_of(connection, cycle_id=cycle_id, unit_id=unit_id)["state"] not in REVIEWED:
        return "年度目标还没有通过考评办审核，审核以后再申报挑战指标。"
    if not any(measure.value is not None for measure in target.measures):
        return "这项目标没有数值，不能申报挑战指标。"
    mine = cases if cases is not None else cases_of_targets(connection, [target.id], kind=CHALLENGE)
    if any(case.running for case in mine):
        return "这项目标的挑战指标申报正在办理，请等办结以后再提。"
    if any(case.state in STANDING for case in mine):
        return "这项目标已经列为挑战指标。"
    if len(mine) >= terms["rounds"]:
        return f"这项目标本年度已经申报 {len(mine)} 次，不能再申报。"
    return ""


def adjustment_refusal(connection: Connection, target: TargetView, cases: list[Case]) -> str:
    """Why a target cannot be adjusted now; empty when it can."""
    return _no_adjustment(connection, target, cases=cases)


def _no_adjustment(connection: Connection, target: TargetView, *, cases: list[Case] | None = None) -> str:
    if frozen := frozen_sentence(connection, target.row["cycle_id"]):
        return frozen
    if target.row["state"] != "issued":
        return "目标还没有下达；下达以前请在填报中直接修改，或退回修改。"
    if target.row["pending"]:
        return "这项目标还在等上级下达数值，下达以后才能调整。"
    mine = cases if cases is not None else cases_of_targets(connection, [target.id], kind=ADJUSTMENT)
    if any(case.running for case in mine):
        return "这项目标的调整正在办理，请等办结以后再提。"
    assigned = newest_assignment(connection, target.id)
    if assigned is not None and assigned["applied_at"] is None:
        return "这项目标有新下达的数值正在写入，请稍后再提。"
    return ""


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
