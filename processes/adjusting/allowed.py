"""May a challenge be declared, an adjustment be asked for, now? If not, why, in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from engine.work.bindings import Value
from processes.adjusting.cases import ADJUSTMENT, CHALLENGE, STANDING, Case
from processes.adjusting.terms import challenge_closes, challenge_terms
from processes.cycle.freezing import frozen_sentence
from processes.planning.reading import TargetView
from processes.planning.steps import plan_of

REVIEWED = ("passed", "endorsed", "approved", "issued")
"""States of a plan that the office has reviewed: from then on its figures are something to compare with."""


@dataclass(frozen=True)
class UnitYear:
    """What decides for all targets of a unit in a year: asked once for a page."""

    challenge: dict[str, Value] | None
    closes: date | None
    frozen: str
    """Why nothing may be changed any more; empty when it may."""
    plan_state: str


def unit_year_of(connection: Connection, *, cycle_id: str, unit_id: str) -> UnitYear:
    """What decides for a unit's targets in a cycle."""
    return UnitYear(
        challenge=challenge_terms(connection, cycle_id),
        closes=challenge_closes(connection, cycle_id),
        frozen=frozen_sentence(connection, cycle_id),
        plan_state=str(plan_of(connection, cycle_id=cycle_id, unit_id=unit_id)["state"]),
    )


def no_challenge(year: UnitYear, target: TargetView, cases: Sequence[Case], *, today: date) -> str:
    """Why a challenge cannot be declared for a target; empty when it can. `cases` are the target's."""
    if year.challenge is None or year.closes is None:
        return "本年度的考评方案没有挑战指标。"
    if today > year.closes:
        return f"挑战指标申报已于 {year.closes} 截止。"
    if year.frozen:
        return year.frozen
    if year.plan_state not in REVIEWED:
        return "年度目标还没有通过考评办审核，审核以后再申报挑战指标。"
    if not target.row["locked"] and target.row["state"] != "issued":
        return "职能指标下达以后才能申报挑战指标：下达以前单位还可以修改、撤回它。"
    if not any(measure.value is not None for measure in target.measures):
        return "这项目标没有数值，不能申报挑战指标。"
    mine = [case for case in cases if case.row["kind"] == CHALLENGE]
    if any(case.running for case in mine):
        return "这项目标的挑战指标申报正在办理，请等办结以后再提。"
    if any(case.state in STANDING for case in mine):
        return "这项目标已经列为挑战指标。"
    rounds = year.challenge["rounds"]
    assert isinstance(rounds, Decimal)
    return f"这项目标本年度已经申报 {len(mine)} 次，不能再申报。" if len(mine) >= rounds else ""


def no_adjustment(year: UnitYear, target: TargetView, cases: Sequence[Case]) -> str:
    """Why a target cannot be adjusted; empty when it can. `cases` are the target's."""
    if year.frozen:
        return year.frozen
    if target.row["state"] != "issued":
        return "目标还没有下达；下达以前请在填报中直接修改，或退回修改。"
    if target.row["pending"]:
        return "这项目标还在等上级下达数值，下达以后才能调整。"
    if any(case.running for case in cases if case.row["kind"] == ADJUSTMENT):
        return "这项目标的调整正在办理，请等办结以后再提。"
    return ""
