"""任职: who holds which post, where, from when until when; and who gets the work of a vacant post."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.people import nearby
from engine.people.acts import clash_with_office
from engine.people.changes import note_change
from engine.people.kinds import DIVISION
from engine.people.posts import HEAD, OFFICE, PostReference, post_unknown
from engine.people.queries import QUERIES
from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.tables import Membership, Post, RightGrant, Unit, UserAccount
from engine.people.together import handful
from engine.people.units import assessor_of, read_unit
from engine.people.users import read_user


@dataclass(frozen=True)
class Holder:
    """Somebody on a post."""

    user_id: str
    name: str


@dataclass(frozen=True)
class Posting:
    """A post as lists show it: with the names of post, unit and the unit where the person sits."""

    membership_id: str
    post_key: str
    post_name: str
    unit_id: str
    unit_name: str
    home_name: str
    cycle_id: str | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class Receivers:
    """Who gets the work of a post: the post asked for, or the one that stands in for it.

    `reason` is None, "vacant_to_head", "vacant_to_office" or "nobody" (then `holders` is empty and the
    work waits at the post asked for); `notice` is the sentence that says so.
    """

    post: PostReference
    holders: tuple[Holder, ...]
    reason: Literal["vacant_to_head", "vacant_to_office", "nobody"] | None = None
    notice: str = ""


def appoint(
    connection: Connection,
    *,
    user_id: str,
    unit_id: str,
    post_key: str,
    from_on: date,
    until_on: date | None = None,
    cycle_id: str | None = None,
    is_primary: bool = False,
) -> Membership:
    """任命: put a person on a post at the unit where they sit, for one cycle or always.

    A post seated at the assessor belongs to the assessor, wherever its holder sits. Raises PeopleRefused
    when the person is inactive, holds the post already, or holds one that must not meet it (三员分立).
    """
    # Two appointments of one person at the same moment must not both miss the other (PostgreSQL).
    connection.execute(select(col(UserAccount.id)).where(col(UserAccount.id) == user_id).with_for_update())
    user = read_user(connection, user_id)
    if not user.active:
        raise PeopleRefused("user_inactive", f"“{user.name}”已停用，不能任职。", user_id=user_id)
    if until_on is not None and until_on < from_on:
        raise PeopleRefused("dates_reversed", "任职的截止日期早于起始日期。", field="until_on")
    with records(connection) as session:
        post = session.get(Post, post_key)
        if post is None:
            raise post_unknown(post_key)
        read_unit(connection, unit_id)
        membership = Membership(
            user_id=user_id,
            unit_id=assessor_of(connection, unit_id) if post.seat == "assessor" else unit_id,
            home_id=unit_id,
            post_key=post_key,
            cycle_id=cycle_id,
            from_on=from_on,
            until_on=until_on,
            is_primary=is_primary,
        )
        _check_separation(session, membership, post, user.name)
        if is_primary:
            _no_other_primary(session, user_id)
        session.add(membership)
        session.flush()
        session.expunge(membership)
    note_change(connection, unit_id=membership.unit_id)
    return membership


def end_membership(connection: Connection, membership_id: str, *, until_on: date) -> None:
    """免去: the person holds the post until `until_on` (that day included); never begun, it is removed."""
    with records(connection) as session:
        membership = session.get(Membership, membership_id)
        if membership is None:
            raise PeopleRefused("membership_missing", "没有这条任职记录。", membership_id=membership_id)
        unit_id = membership.unit_id
        if until_on < membership.from_on:
            session.execute(delete(Membership).where(col(Membership.id) == membership_id))
        elif membership.until_on is None or membership.until_on > until_on:
            membership.until_on = until_on
            session.add(membership)
        session.flush()
    note_change(connection, unit_id=unit_id)


def memberships_of(connection: Connection, user_id: str) -> list[Membership]:
    """Every post the person ever held, in order of beginning."""
    query = select(Membership).where(col(Membership.user_id) == user_id)
    return _list(connection, query.order_by(col(Membership.from_on), col(Membership.id)))


def members_of(connection: Connection, unit_id: str, *, on: date) -> list[Membership]:
    """Who sits in the unit on a day, or holds one of its posts."""
    query = (
        select(Membership)
        .where(or_(col(Membership.home_id) == unit_id, col(Membership.unit_id) == unit_id))
        .where(col(Membership.from_on) <= on)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= on))
        .order_by(col(Membership.post_key), col(Membership.id))
    )
    return _list(connection, query)


def postings_of(connection: Connection, user_ids: Sequence[str], *, on: date) -> dict[str, list[Posting]]:
    """The posts that people hold on a day, primary first: for lists, one statement for a whole page."""
    home, unit = aliased(Unit), aliased(Unit)
    query = (
        select(Membership, col(Post.name), col(unit.name), col(home.name))
        .join(Post, col(Post.key) == col(Membership.post_key))
        .join(unit, col(unit.id) == col(Membership.unit_id))
        .join(home, col(home.id) == col(Membership.home_id))
        .where(col(Membership.user_id).in_(list(user_ids)))
        .where(col(Membership.from_on) <= on)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= on))
        .order_by(col(Membership.is_primary).desc(), col(Membership.id))
    )
    found: dict[str, list[Posting]] = {}
    with records(connection) as session:
        for held, post_name, unit_name, home_name in session.execute(query):
            posting = Posting(
                membership_id=held.id,
                post_key=held.post_key,
                post_name=post_name,
                unit_id=held.unit_id,
                unit_name=unit_name,
                home_name=home_name,
                cycle_id=held.cycle_id,
                from_on=held.from_on,
                until_on=held.until_on,
            )
            found.setdefault(held.user_id, []).append(posting)
    return found


def holders(
    connection: Connection, unit_id: str, post_key: str, *, on: date, cycle_id: str | None = None
) -> tuple[Holder, ...]:
    """Who holds a post at a unit on a day: always, or for this cycle. The primary holder comes first."""
    rows = nearby.known(connection, unit_id, post_key, on=on, cycle_id=cycle_id)
    together = handful(connection, unit_id) if rows is None else None
    if together is not None:
        rows = together.holders(unit_id, post_key, on=on, cycle_id=cycle_id)
    if rows is None:
        place = {"unit_id": unit_id, "post_key": post_key}
        rows = QUERIES.rows(connection, "holders", **place, on_day=on, cycle_id=cycle_id)
    people = {row["id"]: Holder(row["id"], row["name"]) for row in reversed(rows)}
    return tuple(reversed(people.values()))


def receivers(
    connection: Connection,
    post: PostReference,
    *,
    on: date,
    cycle_id: str | None = None,
    without: Collection[str] = (),
) -> Receivers:
    """Who gets work addressed to a post: its holders; else the unit's head; else the office.

    Those in `without` must not do it, so a post held by them alone counts as vacant. A division has no head
    of its own: its unit's head answers for it. Raises PeopleRefused when the unit does not exist.
    """

    def able(at: PostReference) -> tuple[Holder, ...]:
        on_post = holders(connection, at.unit_id, at.post_key, on=on, cycle_id=cycle_id)
        return tuple(holder for holder in on_post if holder.user_id not in without)

    found = able(post)
    if found:
        return Receivers(post, found)
    unit = read_unit(connection, post.unit_id)
    there = without and holders(connection, post.unit_id, post.post_key, on=on, cycle_id=cycle_id)
    why = "上没有其他人可以办理（在任的已在本环节或前面环节办理）" if there else "目前无人任职"
    vacant = f"“{unit.name}”的岗位“{_post_name(connection, post.post_key)}”{why}"
    answers = unit.parent_id if unit.kind == DIVISION and unit.parent_id else unit.id
    head = PostReference(answers, HEAD)
    found = able(head)
    if found:
        return Receivers(head, found, "vacant_to_head", f"{vacant}，已交该单位主要负责人。")
    for key in OFFICE:
        office = PostReference(assessor_of(connection, unit.id), key)
        found = able(office)
        if found:
            return Receivers(office, found, "vacant_to_office", f"{vacant}，已交绩效办。")
    return Receivers(post, (), "nobody", f"{vacant}，主要负责人和绩效办也无人任职。")


def _post_name(connection: Connection, key: str) -> str:
    return str(connection.execute(select(col(Post.name)).where(col(Post.key) == key)).scalar() or key)


def _check_separation(session: Session, new: Membership, post: Post, name: str) -> None:
    query = (
        select(Membership, Post)
        .join(Post, col(Post.key) == col(Membership.post_key))
        .where(col(Membership.user_id) == new.user_id)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= new.from_on))
    )
    if new.until_on is not None:
        query = query.where(col(Membership.from_on) <= new.until_on)
    for held, its_post in session.execute(query):
        if (held.unit_id, held.post_key, held.cycle_id) == (new.unit_id, new.post_key, new.cycle_id):
            raise PeopleRefused(
                "already_holds", f"“{name}”在这段时间已任“{post.name}”。", user_id=new.user_id
            )
        if _apart(session, post, its_post):
            raise PeopleRefused(
                "separation",
                f"三员分立：“{name}”已任“{its_post.name}”，同一时间不能再任“{post.name}”。",
                hint="请先免去原岗位，或任命另一个人。",
                user_id=new.user_id,
                held=its_post.key,
                wanted=post.key,
            )


def _apart(session: Session, one: Post, other: Post) -> bool:
    if one.separation and other.separation:
        return one.separation != other.separation
    first, second = (
        set(session.scalars(select(col(RightGrant.act)).where(col(RightGrant.post_key) == post.key)))
        for post in (one, other)
    )
    return clash_with_office(first, second) or clash_with_office(second, first)


def _no_other_primary(session: Session, user_id: str) -> None:
    session.execute(update(Membership).where(col(Membership.user_id) == user_id).values(is_primary=False))


def _list(connection: Connection, query: object) -> list[Membership]:
    with records(connection) as session:
        found = list(session.scalars(query))  # type: ignore[call-overload]
        session.expunge_all()
        return found
