"""代理: who does somebody's work while they are away, from a day until a day, on all or some of their posts.

One rule a person at a time; the stand-in sees and does the work that waits for the other, under their own
name, and inherits no right that a post grants. What a stand-in takes on is never passed on to a third.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlmodel import col

from engine.people.acts import ADMINISTER
from engine.people.persons import Person, person_of
from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.tables import StandIn, UserAccount
from engine.people.users import read_user

LONGEST = timedelta(days=366)
"""Longer than a year nobody is away: then the post is to be filled."""


@dataclass(frozen=True)
class Rule:
    """A rule as pages show it."""

    id: str
    user_id: str
    stand_in_id: str
    stand_in_name: str
    from_on: date
    until_on: date
    posts: tuple[str, ...]
    processes: tuple[str, ...]


def set_stand_in(
    connection: Connection,
    *,
    user_id: str,
    stand_in_id: str,
    from_on: date,
    until_on: date,
    processes: Sequence[str] = (),
    posts: Sequence[str] = (),
) -> StandIn:
    """Let `stand_in_id` do the work of `user_id` from a day until a day (both included).

    `processes` are process ids, `posts` references of posts that the person holds then; empty means all.
    Raises PeopleRefused when one rule already covers some of these days, when the stand-in is inactive, the
    same person, of another assessor or an administrator, and for a post that the person does not hold.
    """
    # Two rules of one person at the same moment must not both miss the other (PostgreSQL).
    connection.execute(select(col(UserAccount.id)).where(col(UserAccount.id) == user_id).with_for_update())
    _check_days(from_on, until_on)
    _check_people(connection, user_id, stand_in_id, on=from_on, posts=posts)
    _check_free(connection, user_id, from_on, until_on)
    rule = StandIn(
        user_id=user_id,
        stand_in_id=stand_in_id,
        from_on=from_on,
        until_on=until_on,
        processes=list(processes),
        posts=list(posts),
    )
    with records(connection) as session:
        session.add(rule)
        session.flush()
        session.expunge(rule)
    return rule


def end_stand_in(connection: Connection, rule_id: str, *, on: date) -> None:
    """End a rule: from `on` it counts no more. One that has not begun is removed, others stay on record."""
    begun = (col(StandIn.id) == rule_id, col(StandIn.from_on) < on)
    connection.execute(delete(StandIn).where(col(StandIn.id) == rule_id, col(StandIn.from_on) >= on))
    last = on - timedelta(days=1)
    connection.execute(update(StandIn).where(*begun, col(StandIn.until_on) > last).values(until_on=last))


def rules_of(connection: Connection, user_id: str, *, on: date | None = None) -> list[Rule]:
    """The person's rules, the newest first; with `on` those that are not over on that day."""
    query = (
        select(StandIn, col(UserAccount.name))
        .join(UserAccount, col(UserAccount.id) == col(StandIn.stand_in_id))
        .where(col(StandIn.user_id) == user_id)
        .order_by(col(StandIn.from_on).desc(), col(StandIn.id))
    )
    if on is not None:
        query = query.where(col(StandIn.until_on) >= on)
    with records(connection) as session:
        return [_rule(rule, name) for rule, name in session.execute(query)]


def _rule(rule: StandIn, name: str) -> Rule:
    return Rule(
        id=rule.id,
        user_id=rule.user_id,
        stand_in_id=rule.stand_in_id,
        stand_in_name=name,
        from_on=rule.from_on,
        until_on=rule.until_on,
        posts=tuple(rule.posts or ()),
        processes=tuple(rule.processes),
    )


def _check_days(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise PeopleRefused("dates_reversed", "代理的截止日期早于起始日期。", field="until_on")
    if until_on - from_on > LONGEST:
        raise PeopleRefused(
            "stand_in_too_long", "一次代理最长一年。", hint="更久请任命别人任职。", field="until_on"
        )


def _check_people(
    connection: Connection, user_id: str, stand_in_id: str, *, on: date, posts: Sequence[str]
) -> None:
    if user_id == stand_in_id:
        raise PeopleRefused("stand_in_self", "不能由自己代理自己。", field="stand_in_id")
    other = read_user(connection, stand_in_id)
    if not other.active:
        raise PeopleRefused("user_inactive", "代理人的帐号已停用，不能代理。", user_id=stand_in_id)
    person, stand_in = person_of(connection, user_id, on=on), person_of(connection, stand_in_id, on=on)
    if any(right.act in ADMINISTER for right in stand_in.rights):
        raise PeopleRefused("separation", "三员分立：管理员不能代理业务工作。", field="stand_in_id")
    if not _assessors(person) & _assessors(stand_in):
        raise PeopleRefused(
            "stand_in_elsewhere",
            "代理人在代理开始时没有任职，或者不属于同一个考评主体，不能代理。",
            field="stand_in_id",
        )
    held = {f"{post.unit_id}#{post.post_key}" for post in person.memberships}
    if not set(posts) <= held:
        raise PeopleRefused(
            "stand_in_post", f"“{person.name}”不任其中的岗位，不能由别人代理。", field="posts"
        )


def _assessors(person: Person) -> set[str]:
    return {post.assessor_id for post in person.memberships}


def _check_free(connection: Connection, user_id: str, from_on: date, until_on: date) -> None:
    query = select(StandIn).where(
        col(StandIn.user_id) == user_id,
        col(StandIn.from_on) <= until_on,
        col(StandIn.until_on) >= from_on,
    )
    with records(connection) as session:
        held = session.scalars(query).first()
        if held is not None:
            name = read_user(connection, user_id).name
            raise PeopleRefused(
                "stand_in_overlaps",
                f"“{name}”在 {held.from_on} 至 {held.until_on} 已有代理人。",
                hint="一个人同一时间只有一条代理规则，请先撤销原来的。",
                user_id=user_id,
            )
