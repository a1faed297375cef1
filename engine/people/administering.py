"""管理: which units, accounts, seats on posts and calendars an administrator sees and may change.

Two assessors (考评主体) share one installation, and neither's administrator reaches the other's people. This
module only says which `rights.Thing` each of them is; whether something is allowed is asked of `rights.may`,
and for lists of its twin `visible.visible`.

An account belongs wherever its holder has a seat. Who reaches one seat sees the account; only who reaches
every seat changes it, because whoever resets an account can become its holder. Counted are the seats held
on the day or later; of somebody who holds none any more, those before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select
from sqlmodel import col

from engine.people.acts import act_to_appoint
from engine.people.persons import Person
from engine.people.posts import PostSpec
from engine.people.refusals import NotAllowed
from engine.people.rights import INSTALLATION, Thing, may
from engine.people.tables import Unit
from engine.people.units import ASSESSOR, assessor_of, read_unit
from engine.people.visible import Condition, ThingColumns, visible
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("administering.sql"))

SEE_PEOPLE = ("see_people", "manage_people", "manage_rights")
"""Any of these shows people and their posts."""
SEE_UNITS = (*SEE_PEOPLE, "run_cycle")
"""Any of these shows units."""

EVERYTHING = "(1 = 1)"
"""The condition of who sees everything."""

_ELSEWHERE = "这个帐号还有您管理范围以外的任职，请由能管理它全部任职单位的管理员办理，或在服务器上办理。"


@dataclass(frozen=True)
class Seat:
    """A post held: the unit where its holder sits, and whose post it is, as the rights see them."""

    home: Thing
    post: Thing


def unit_thing(unit: Unit) -> Thing:
    """A unit as the rights see it."""
    return Thing(unit_id=unit.id, assessor_id=unit.assessor_id)


def assessor_thing(assessor_id: str) -> Thing:
    """What belongs to an assessor as a whole: its calendar, the posts seated there.

    Whoever assesses that assessor in turn does not reach it.
    """
    return Thing(unit_id=assessor_id, assessor_id=assessor_id)


def place_under(connection: Connection, parent_id: str | None) -> Thing:
    """The place of a new unit under `parent_id`; a topmost one belongs to the installation.

    Raises PeopleRefused for a parent that does not exist.
    """
    if parent_id is None:
        return INSTALLATION
    return Thing(unit_id=parent_id, assessor_id=assessor_of(connection, parent_id))


def seat_at(connection: Connection, post: PostSpec, home_id: str) -> Seat:
    """Where somebody of the unit `home_id` would hold `post`. Raises PeopleRefused for an unknown unit."""
    home = unit_thing(read_unit(connection, home_id))
    if post.seat != "assessor":
        return Seat(home, home)
    return Seat(home, assessor_thing(assessor_of(connection, home_id)))


def seats_of_account(connection: Connection, user_id: str, *, on: date) -> list[Seat]:
    """Every seat that counts for the account; see the module. One statement."""
    rows = QUERIES.rows(connection, "account_seats", user_id=user_id)
    lasting = [row for row in rows if row["until_on"] is None or row["until_on"] >= on]
    return [
        Seat(
            Thing(unit_id=row["home_id"], assessor_id=row["home_assessor_id"]),
            assessor_thing(row["unit_id"])
            if row["seat"] == "assessor"
            else Thing(unit_id=row["unit_id"], assessor_id=row["unit_assessor_id"]),
        )
        for row in lasting or rows
    ]


def may_any(person: Person, acts: Iterable[str], thing: Thing) -> bool:
    """Whether the person may do one of `acts` to `thing`."""
    return any(may(person, act, thing) for act in acts)


def visible_any(person: Person, acts: Sequence[str], columns: ThingColumns) -> Condition:
    """`may_any` for lists."""
    parts = [
        visible(person, act, columns, prefix=f"may_{number}_")
        for number, act in enumerate(acts)
        if person.rights_to(act)
    ]
    if not parts:
        return Condition("(1 = 0)", {})
    if any(part.text == EVERYTHING for part in parts):
        return Condition(EVERYTHING, {})
    values = {name: value for part in parts for name, value in part.values.items()}
    return Condition(f"({' or '.join(part.text for part in parts)})", values)


def sees_account(connection: Connection, person: Person, user_id: str, *, on: date) -> bool:
    """Whether the person sees an account; an account without any seat shows to rights over everything."""
    seats = seats_of_account(connection, user_id, on=on)
    homes = [seat.home for seat in seats] or [INSTALLATION]
    return any(may_any(person, SEE_PEOPLE, home) for home in homes)


def may_over_account(connection: Connection, person: Person, act: str, user_id: str, *, on: date) -> bool:
    """Whether the person may do `act` at every seat of the account."""
    seats = seats_of_account(connection, user_id, on=on)
    return all(may(person, act, thing) for seat in seats or [_NOWHERE] for thing in (seat.home, seat.post))


def require_over_account(connection: Connection, person: Person, act: str, user_id: str, *, on: date) -> None:
    """Raises NotAllowed unless `may_over_account`."""
    if not may_over_account(connection, person, act, user_id, on=on):
        raise NotAllowed(act, _ELSEWHERE)


def root_thing(connection: Connection) -> Thing:
    """The installation's root: the topmost assessor that was founded first. INSTALLATION before it exists."""
    query = (
        select(col(Unit.id))
        .where(col(Unit.kind) == ASSESSOR, col(Unit.parent_id).is_(None))
        .order_by(col(Unit.id))
        .limit(1)
    )
    root = connection.execute(query).scalar()
    return INSTALLATION if root is None else assessor_thing(root)


def may_fill(connection: Connection, person: Person, post: PostSpec, home_id: str) -> bool:
    """Whether the person may put somebody of the unit `home_id` on `post`, or take them off it.

    Both the unit and the post's own seat must be within the person's right. A post whose rights reach the
    whole installation (流程设计员) is filled from the installation's root alone.
    """
    act, seat = act_to_appoint(grant.act for grant in post.grants), seat_at(connection, post, home_id)
    return may(person, act, seat.home) and may(person, act, seat.post) and _may_give(connection, person, post)


def may_fill_somewhere(connection: Connection, person: Person, post: PostSpec) -> bool:
    """Whether there may be a unit where `may_fill` holds: for what a page offers."""
    act = act_to_appoint(grant.act for grant in post.grants)
    return bool(person.rights_to(act)) and _may_give(connection, person, post)


def require_fill(connection: Connection, person: Person, post: PostSpec, home_id: str) -> None:
    """Raises NotAllowed unless `may_fill`."""
    if may_fill(connection, person, post, home_id):
        return
    act = act_to_appoint(grant.act for grant in post.grants)
    if act == "manage_rights" and not person.rights_to(act):
        raise NotAllowed(act, f"“{post.name}”是管理员岗位，由安全管理员任免。")
    raise NotAllowed(act, f"您不能在这个单位任免“{post.name}”。")


def _may_give(connection: Connection, person: Person, post: PostSpec) -> bool:
    act = act_to_appoint(grant.act for grant in post.grants)
    if not any(grant.reach == "all" for grant in post.grants):
        return True
    return may(person, act, INSTALLATION) or may(person, act, root_thing(connection))


_NOWHERE = Seat(INSTALLATION, INSTALLATION)
