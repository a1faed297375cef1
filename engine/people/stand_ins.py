"""代理: who takes the items assigned to a person while they are away.

Source: the meaning of `stand_in`: one rule a person at a time, and no data rights are inherited.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, select
from sqlmodel import col

from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.tables import StandIn
from engine.people.users import read_user


def set_stand_in(
    connection: Connection,
    *,
    user_id: str,
    stand_in_id: str,
    from_on: date,
    until_on: date,
    processes: Sequence[str] = (),
) -> StandIn:
    """Let `stand_in_id` take the items assigned to `user_id` from a day until a day (both included).

    `processes` are process ids; empty means all. Raises PeopleRefused when one rule already covers some
    of these days, or the other person is inactive or the same.
    """
    if user_id == stand_in_id:
        raise PeopleRefused("stand_in_self", "不能由自己代理自己。")
    if until_on < from_on:
        raise PeopleRefused("dates_reversed", "代理的截止日期早于起始日期。", field="until_on")
    person, other = read_user(connection, user_id), read_user(connection, stand_in_id)
    if not other.active:
        raise PeopleRefused("user_inactive", f"“{other.name}”已停用，不能代理。", user_id=stand_in_id)
    rule = StandIn(
        user_id=user_id,
        stand_in_id=stand_in_id,
        from_on=from_on,
        until_on=until_on,
        processes=list(processes),
    )
    query = select(StandIn).where(
        col(StandIn.user_id) == user_id,
        col(StandIn.from_on) <= until_on,
        col(StandIn.until_on) >= from_on,
    )
    with records(connection) as session:
        held = session.scalars(query).first()
        if held is not None:
            raise PeopleRefused(
                "stand_in_overlaps",
                f"“{person.name}”在 {held.from_on} 至 {held.until_on} 已有代理人。",
                hint="一个人同一时间只有一条代理规则，请先撤销原来的。",
                user_id=user_id,
            )
        session.add(rule)
        session.flush()
        session.expunge(rule)
    return rule


def end_stand_in(connection: Connection, rule_id: str) -> None:
    """Take a rule back at once."""
    connection.execute(delete(StandIn).where(col(StandIn.id) == rule_id))


def stand_in_for(
    connection: Connection, user_id: str, *, on: date, process_id: str | None = None
) -> str | None:
    """Who takes `user_id`'s items of a process on a day; None when nobody does.

    One step only: the stand-in's own stand-in is not asked, so that work never wanders.
    """
    query = select(StandIn).where(
        col(StandIn.user_id) == user_id, col(StandIn.from_on) <= on, col(StandIn.until_on) >= on
    )
    with records(connection) as session:
        for rule in session.scalars(query):
            if not rule.processes or process_id in rule.processes:
                return rule.stand_in_id
    return None
