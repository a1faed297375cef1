"""A leader's ballot: which units, which marks, into the box. The work item only learns that it was cast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection

from engine.store import Database
from processes.evaluation.ballots.casting import NotCast, Sheet, box_of, cast, is_spent
from processes.evaluation.ballots.leader_reading import UNKNOWN, evaluation_of, units_before
from processes.evaluation.ballots.leader_services import is_over

WHOLE_SCALE = Decimal(5)
"""Up to this full mark there are buttons 1, 2, 3 …; above it a number is typed."""


class BallotRefused(Exception):
    """A ballot that cannot be taken; `field` is a unit's id or empty."""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


@dataclass(frozen=True)
class BallotPaper:
    """What a leader is asked: {id, name, alone} of each unit, and the scale."""

    evaluation_id: str
    box_id: str
    units: tuple[Mapping[str, Any], ...]
    full: Decimal
    closes_on: date
    over: bool
    cast: bool

    @property
    def buttons(self) -> tuple[str, ...]:
        """The marks as buttons, the best first; empty when a number is typed."""
        return tuple(str(mark) for mark in range(int(self.full), 0, -1)) if self.full <= WHOLE_SCALE else ()


def paper(
    connection: Connection, evaluation_id: str, *, person_id: str, turn: str, today: date
) -> BallotPaper:
    """The ballot paper of a leader; `turn` is the instance of the leader's own step."""
    evaluation = evaluation_of(connection, evaluation_id)
    box = box_of(connection, evaluation["box_id"])
    return BallotPaper(
        evaluation_id=evaluation_id,
        box_id=box.id,
        units=tuple(units_before(connection, evaluation_id, person_id)),
        full=evaluation["full"],
        closes_on=evaluation["closes_on"],
        over=is_over(evaluation, today) or box.closed_at is not None,
        cast=is_spent(connection, box, turn),
    )


def vote(database: Database, asked: BallotPaper, *, turn: str, secret: str, marks: Mapping[str, str]) -> None:
    """Put a ballot into the box: unit → mark or `unknown`, every unit once. The same paper sent again
    changes nothing. Raises BallotRefused."""
    if asked.over:
        raise BallotRefused("closed", "打分已经截止，不再接收。")
    given: dict[str, str] = {}
    for unit in asked.units:
        given[unit["id"]] = _mark(asked, unit, str(marks.get(unit["id"], "")).strip())
    strange = [unit for unit in marks if unit not in given]
    if strange:
        raise BallotRefused("unit", "选票上没有这个单位，请重新打开打分页。", field=strange[0])
    try:
        cast(database, Sheet(box_id=asked.box_id, proof=turn, secret=secret, marks=given))
    except NotCast as refused:
        message = "您已经投过票了，一人一票。" if refused.code == "used" else str(refused)
        raise BallotRefused(refused.code, message) from None


def _mark(asked: BallotPaper, unit: Mapping[str, Any], said: str) -> str:
    if said == UNKNOWN:
        return UNKNOWN
    if not said:
        raise BallotRefused("missing", f"请给“{unit['name']}”打分，或选“不了解”。", field=unit["id"])
    try:
        mark = Decimal(said)
    except InvalidOperation:
        mark = Decimal("NaN")
    lowest = 1 if asked.buttons else 0
    whole = mark.is_finite() and (not asked.buttons or mark == mark.to_integral_value())
    if not whole or not lowest <= mark <= asked.full or len(said) > 8:
        raise BallotRefused(
            "mark",
            f"“{unit['name']}”的分数应在 {lowest} 至 {asked.full} 之间，或选“不了解”。",
            field=unit["id"],
        )
    return format(mark.normalize(), "f")
