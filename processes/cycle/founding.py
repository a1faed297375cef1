"""Founding: what an empty installation needs before anybody can work in it.

The assessor with its office, the profile's posts, the calendar, the first two administrators (two people:
三员分立), and the cycle of the first year. Everybody else comes in by the administrators.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from engine.people.memberships import appoint
from engine.people.passwords import Passwords
from engine.people.posts import define_posts, list_posts
from engine.people.refusals import PeopleRefused
from engine.people.tables import Unit
from engine.people.units import ASSESSOR, UnitSpec, add_unit
from engine.people.users import NewUser, create_user, normal_login
from processes.cycle.opening import open_year, posts_of
from processes.cycle.profile import Profile
from processes.tables import table_of

UNITS = table_of(Unit)
SYSTEM, SECURITY = "admin.system", "admin.security"


@dataclass(frozen=True)
class FirstPerson:
    """An administrator to be made: the log-in, and the name (the post's when it is empty)."""

    login: str
    name: str = ""


@dataclass(frozen=True)
class Founding:
    """What is to be founded. `office` is the office's name; empty: as the profile calls it."""

    name: str
    code: str
    year: int
    system: FirstPerson
    security: FirstPerson
    office: str = ""


@dataclass(frozen=True)
class Founded:
    """What was made, and the two administrators with the passwords of their first log-in."""

    assessor_id: str
    office_name: str
    cycle_id: str
    people: Sequence[NewUser]


def assessors(connection: Connection) -> dict[str, str]:
    """The names of all assessors, by code."""
    query = select(UNITS.c.code, UNITS.c.name).where(UNITS.c.kind == ASSESSOR).order_by(UNITS.c.code)
    return {row.code: row.name for row in connection.execute(query)}


def found(
    connection: Connection,
    profile: Profile,
    wanted: Founding,
    *,
    passwords: Passwords,
    at: datetime,
    today: date,
) -> Founded:
    """Make all of it in the caller's transaction. Raises PeopleRefused, YearRefused."""
    if normal_login(wanted.system.login) == normal_login(wanted.security.login):
        raise PeopleRefused("separation", "三员分立：系统管理员和安全管理员不能是同一个人。")
    known = {post.key for post in list_posts(connection)}
    define_posts(connection, [post for post in posts_of(profile) if post.key not in known])
    city = add_unit(connection, UnitSpec(code=wanted.code, name=wanted.name, kind=ASSESSOR))
    office = add_unit(
        connection,
        UnitSpec(
            code=f"{wanted.code}-0",
            name=wanted.office or profile.body("office"),
            kind="office",
            parent_id=city.id,
            assessor_id=city.id,
        ),
    )
    cycle_id = open_year(connection, profile, assessor_id=city.id, year=wanted.year, at=at)
    people = []
    for person, post in ((wanted.system, SYSTEM), (wanted.security, SECURITY)):
        name = person.name or str(profile.content["posts"][post]["name"])
        made = create_user(connection, login=person.login, name=name, passwords=passwords)
        appoint(connection, user_id=made.id, unit_id=office.id, post_key=post, from_on=today, is_primary=True)
        people.append(made)
    return Founded(city.id, office.name, cycle_id, people)
