"""冻结年度: targets, weights and reported figures of a year stay as they are from then on.

This is the one place that says whether they may still be changed. Who asks for a change is refused with
`frozen_sentence`; what is already on its way hears the signal `cycle.frozen` in its diagram. Figures that
have not been reported yet are still reported, until the data lock.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from engine.clock import ZONE
from engine.ids import new_id
from engine.people.persons import Person
from engine.store.writing import insert_row
from processes.cycle.reading import CYCLES, cycle_of
from processes.cycle.records import YearAct
from processes.tables import table_of

ACTS = table_of(YearAct)
FROZEN, CHANGED = "frozen", "weights_changed"
OVER = (FROZEN, "closed")
"""States of a cycle in which nothing is changed any more."""
LEAST = 5
"""A reason has at least so many characters."""


class YearRefusal(Exception):
    """An act on a whole year that cannot be done: `status` as in HTTP, a code, a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def is_frozen(connection: Connection, cycle_id: str) -> bool:
    """Whether targets, weights and reported figures of the cycle may not be changed any more."""
    return cycle_of(connection, cycle_id)["state"] in OVER


def frozen_sentence(connection: Connection, cycle_id: str) -> str:
    """Why a change is refused; '' where the year is not frozen."""
    cycle = cycle_of(connection, cycle_id)
    if cycle["state"] not in OVER:
        return ""
    act = freezing_of(connection, cycle_id)
    if act is None:
        return f"{cycle['year']} 年度已经结束，目标和数据不能再改。"
    day = act["done_at"].astimezone(ZoneInfo(ZONE)).date()
    return (
        f"{cycle['year']} 年度已于 {day} 由{act['person_name']}冻结（{act['reason']}），"
        "目标、权重和已经报送的数据不能再改。"
    )


def freezing_of(connection: Connection, cycle_id: str) -> Mapping[str, Any] | None:
    """Who froze the year, when and why; None when nobody did."""
    query = select(ACTS).where(ACTS.c.cycle_id == cycle_id, ACTS.c.kind == FROZEN)
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def freeze(connection: Connection, cycle_id: str, *, reason: str, by: Person, at: datetime) -> None:
    """Freeze the year. Raises YearRefusal before its targets are issued, a second time, without a reason."""
    require_reason(reason)
    frozen = update(CYCLES).where(CYCLES.c.id == cycle_id, CYCLES.c.state == "running").values(state=FROZEN)
    if connection.execute(frozen).rowcount != 1:
        state = cycle_of(connection, cycle_id)["state"]
        if state in OVER:
            raise YearRefusal(409, "frozen", frozen_sentence(connection, cycle_id))
        raise YearRefusal(409, "not_issued", "年度目标还没有下达，没有可以冻结的。请在下达以后再冻结。")
    write_act(connection, cycle_id, FROZEN, reason=reason, by=by, at=at)


def require_reason(reason: str) -> None:
    """Raises YearRefusal for a reason too short to be one."""
    if len(reason.strip()) < LEAST:
        raise YearRefusal(422, "reason", f"请写明理由，至少 {LEAST} 个字。")


def write_act(
    connection: Connection, cycle_id: str, kind: str, *, reason: str, by: Person, at: datetime
) -> None:
    """Put an act of the office on record."""
    insert_row(
        connection,
        ACTS,
        id=new_id(),
        cycle_id=cycle_id,
        kind=kind,
        reason=reason.strip(),
        person_id=by.id,
        person_name=by.name,
        done_at=at,
    )
