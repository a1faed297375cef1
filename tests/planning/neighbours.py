"""A second assessor in the pilot city's installation: 宁波市 with its own office and administrators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, text, update

from api.commands.demo import PASSWORD
from api.house import password_rules
from engine.ids import new_id
from engine.people.divisions import add_division
from engine.people.memberships import appoint
from engine.people.passwords import Passwords
from engine.people.posts import Grant, PostSpec, define_posts
from engine.people.stand_ins import set_stand_in
from engine.people.tables import UserAccount
from engine.people.units import UnitSpec, add_unit
from engine.people.users import create_user
from engine.store import insert_rows
from processes.cycle.founding import FirstPerson, Founding, found
from processes.cycle.profile import load_profile
from tests.planning.city import City, settings_for

DAY = date(2018, 1, 1)
LOCAL_DESIGNER = PostSpec(
    "designer.local", "本市流程设计员", seat="assessor",
    grants=(Grant("design", "assessor"), Grant("deploy", "assessor")),
)  # fmt: skip
POSTS = ("office.staff", "office.head", "office.reviewer", "supervision", "admin.audit", "designer.local")
WALKERS = ("nb.system", "nb.security", *(f"nb.{post}" for post in POSTS), "nb.head")


@dataclass(frozen=True)
class Neighbour:
    """宁波市, and ids of what is 杭州市's and must stay out of its reach."""

    assessor_id: str
    unit_id: str
    theirs: dict[str, str]


def found_neighbour(city: City) -> Neighbour:
    """Found it, with one person of each post that looks beyond a unit, and a unit's head."""
    cycle = city.cycle_id(2018)
    passwords = Passwords(password_rules(settings_for("sqlite://", Path())))
    with city.engine.database.write() as connection:
        made = found(
            connection,
            load_profile("hangzhou_13fyp"),
            Founding("宁波市", "NB", 2018, FirstPerson("nb.system"), FirstPerson("nb.security"), "甬考评办"),
            passwords=passwords,
            at=city.clock.now(),
            today=DAY,
        )
        define_posts(connection, [LOCAL_DESIGNER])
        unit = add_unit(
            connection,
            UnitSpec("NB1", "甬旅局", "municipal", parent_id=made.assessor_id, assessor_id=made.assessor_id),
        )
        for post in (*POSTS, "head"):
            user = create_user(connection, login=f"nb.{post}", name=f"甬{post}", passwords=passwords)
            appoint(connection, user_id=user.id, unit_id=unit.id, post_key=post, from_on=DAY)
        kept = passwords.hash(PASSWORD)
        connection.execute(update(UserAccount).values(password_hash=kept, must_change_password=False))
        return Neighbour(made.assessor_id, unit.id, _theirs(connection, city, cycle))


def _theirs(connection: Connection, city: City, cycle: str) -> dict[str, str]:
    unit = city.unit_id("市旅委")
    user = _one(connection, "select id from user_account where login = 'u20.liaison'")
    seat = _one(connection, "select id from membership where user_id = :id", id=user)
    target = _one(
        connection, "select min(id) from target where unit_id = :u and cycle_id = :c", u=unit, c=cycle
    )
    instance = _one(connection, "select min(id) from instance where cycle_id = :c", c=cycle)
    divisions = connection.execute(
        text("select id from unit where parent_id = :u and kind = 'division'"), {"u": unit}
    ).scalars()
    division = next(divisions, None) or add_division(connection, unit, "客串处").id
    incident = {
        "id": new_id(), "cycle_id": cycle, "instance_id": instance, "element_id": "x", "kind": "diagram",
        "assessor_id": _one(connection, "select assessor_id from cycle where id = :c", c=cycle),
        "message": "杭州市的异常", "raised_at": city.clock.now(), "resolution": "",
    }  # fmt: skip
    insert_rows(connection, "incident", [incident])
    deputy = _one(connection, "select id from user_account where login = 'u20.deputy'")
    rule = set_stand_in(
        connection, user_id=user, stand_in_id=deputy, from_on=DAY, until_on=date(2018, 12, 31)
    ).id
    return {
        "user_id": user, "unit_id": unit, "membership_id": seat, "division_id": division, "cycle_id": cycle,
        "rule_id": rule, "target_id": target, "incident_id": str(incident["id"]),
    }  # fmt: skip


def _one(connection: Connection, query: str, **values: str) -> str:
    return str(connection.execute(text(query), values).scalar_one())


def fingerprint(city: City) -> Iterator[object]:
    """Everything of both cities that a request of the walk could change."""
    for query in (
        "select id, name, short_name, code, parent_id, valid_until_on from unit order by id",
        "select id, unit_id, alias from unit_alias order by id",
        "select id, login, name, phone, email, password_hash, active from user_account order by id",
        "select id, user_id, post_key, unit_id, until_on from membership order by id",
        "select id, user_id, stand_in_id, until_on from stand_in order by id",
        "select assessor_id, day_on, kind, name from calendar_day order by assessor_id, day_on",
        "select assessor_id, year from calendar_year order by assessor_id, year",
        "select id from cycle order by id",
        "select id, lock_version from work_item order by id",
        "select count(*) from instance",
        "select count(*) from definition_version",
        "select count(*) from job",
        "select count(*) from message",
        "select id, resolved_at from incident order by id",
        "select count(*) from administration_event",
    ):
        yield query, city.rows(query)
