"""Two assessors in one installation: whose people, units and posts an administrator reaches."""

from datetime import date

import pytest
from sqlalchemy import Connection, text

from engine.people import memberships
from engine.people.administering import (
    SEE_PEOPLE,
    SEE_UNITS,
    may_any,
    may_fill,
    may_over_account,
    sees_account,
    unit_thing,
    visible_any,
)
from engine.people.persons import Person, person_of
from engine.people.posts import Grant, PostSpec, define_posts, list_posts
from engine.people.refusals import NotAllowed, PeopleRefused
from engine.people.standing import check_may_govern, check_may_reset, may_reset
from engine.people.tree import move_unit
from engine.people.units import read_unit
from engine.people.visible import ThingColumns
from tests.engine.people.conftest import DAY, City

LOCAL = PostSpec("district.admin", "县管理员", separation="system", grants=(Grant("manage_people", "below"),))
UNITS = ThingColumns(unit="u.id", assessor="u.assessor_id")


@pytest.fixture
def two(city: City) -> City:
    """杭州市 as it is, and a district beside it that assesses its own two units (宁波市 under nobody)."""
    define_posts(city.connection, [LOCAL])
    root = city.add_unit("X0", "宁波市", "assessor")
    for code, name in (("X1", "宁波市旅游局"), ("XF", "宁波市考评办")):
        city.add_unit(code, name, "municipal", parent_id=root, assessor_id=root, assessed=True)
    below = city.add_unit("E0", "余杭区", "assessor", parent_id=city.ids["C0"], assessor_id=city.ids["C0"])
    city.add_unit("E1", "余杭区教育局", "district", parent_id=below, assessor_id=below)
    city.add_person("hz", "OF admin.system")
    city.add_person("nb", "XF admin.system")
    city.add_person("yh", "E0 admin.system")
    city.add_person("county", "D1 district.admin")
    return city


def person(city: City, login: str) -> Person:
    return person_of(city.connection, id_of(city, login), on=DAY)


def id_of(city: City, login: str) -> str:
    found = city.connection.execute(text("select id from user_account where login = :l"), {"l": login})
    return str(found.scalar())


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("hz", {"C0", "OF", "U1", "U2", "U3", "D1", "D1A", "E0"}),
        ("nb", {"X0", "X1", "XF"}),
        ("yh", {"E0", "E1"}),
        ("county", {"D1", "D1A"}),
    ],
)
def test_an_administrator_sees_the_units_of_the_own_assessor(two: City, login: str, seen: set[str]) -> None:
    admin = person(two, login)
    rule = visible_any(admin, SEE_UNITS, UNITS)
    listed = two.connection.execute(text(f"select u.code from unit u where {rule.text}"), rule.values)
    assert set(listed.scalars()) == seen
    assert {
        code
        for code, unit_id in two.ids.items()
        if may_any(admin, SEE_UNITS, unit_thing(read_unit(two.connection, unit_id)))
    } == seen


@pytest.mark.parametrize(
    ("admin", "post", "at", "allowed"),
    [
        ("hz", "liaison", "U1", True),
        ("hz", "liaison", "X1", False),
        ("hz", "liaison", "E0", True),
        ("hz", "office.staff", "OF", True),
        ("hz", "office.staff", "E0", False),
        ("hz", "liaison", "E1", False),
        ("hz", "admin.audit", "OF", False),
        ("hz", "designer", "OF", True),
        ("nb", "designer", "XF", False),
        ("nb", "liaison", "X1", True),
        ("yh", "office.staff", "E0", True),
        ("county", "liaison", "D1A", True),
        ("county", "office.staff", "D1A", False),
        ("county", "liaison", "U1", False),
    ],
)
def test_a_post_is_filled_where_both_unit_and_seat_are_within_reach(
    two: City, admin: str, post: str, at: str, allowed: bool
) -> None:
    spec = next(one for one in list_posts(two.connection) if one.key == post)
    assert may_fill(two.connection, person(two, admin), spec, two.ids[at]) is allowed


def test_a_person_of_two_assessors_shows_to_both_and_is_governed_by_neither(two: City) -> None:
    shared = two.add_person("shared", "U1 liaison", "X1 liaison")
    for login in ("hz", "nb"):
        admin = person(two, login)
        assert sees_account(two.connection, admin, shared, on=DAY)
        assert not may_over_account(two.connection, admin, "manage_people", shared, on=DAY)
        with pytest.raises(NotAllowed) as refused:
            check_may_reset(two.connection, admin, shared, on=DAY)
        assert "管理范围以外" in refused.value.message


def test_who_has_moved_to_another_assessor_is_its_own(two: City, connection: Connection) -> None:
    moved = two.add_person("moved", "U1 liaison")
    [held] = memberships.memberships_of(connection, moved)
    memberships.end_membership(connection, held.id, until_on=date(2018, 2, 1))
    assert sees_account(connection, person(two, "hz"), moved, on=DAY)
    memberships.appoint(
        connection, user_id=moved, unit_id=two.ids["X1"], post_key="head", from_on=date(2018, 2, 10)
    )
    assert not sees_account(connection, person(two, "hz"), moved, on=DAY)
    assert may_reset(connection, person(two, "nb"), moved, on=DAY)
    assert not may_reset(connection, person(two, "hz"), moved, on=DAY)


def test_the_three_administrators_are_reset_by_nobody(two: City) -> None:
    guard = two.add_person("guard", "OF admin.security")
    two.add_person("auditor", "OF admin.audit")
    for who in ("auditor", "hz"):
        with pytest.raises(NotAllowed) as refused:
            check_may_reset(two.connection, person(two, "guard"), id_of(two, who), on=DAY)
        assert "bihuan reset-password" in refused.value.message
        check_may_govern(two.connection, person(two, "guard"), id_of(two, who), on=DAY)
    with pytest.raises(NotAllowed):
        check_may_reset(two.connection, person(two, "hz"), guard, on=DAY)
    with pytest.raises(PeopleRefused) as own:
        check_may_reset(two.connection, person(two, "guard"), guard, on=DAY)
    assert own.value.code == "own_account"


def test_an_account_without_a_post_shows_to_rights_over_everything_alone(two: City) -> None:
    nobody, guard = two.add_person("nobody"), two.add_person("guard", "OF admin.security")
    assert not sees_account(two.connection, person(two, "hz"), nobody, on=DAY)
    assert guard and sees_account(two.connection, person(two, "guard"), nobody, on=DAY)


def test_a_moved_unit_takes_its_administrators_with_it(two: City, connection: Connection) -> None:
    move_unit(connection, two.ids["D1A"], two.ids["C0"])
    rule = visible_any(person(two, "county"), SEE_PEOPLE, UNITS)
    listed = connection.execute(text(f"select u.code from unit u where {rule.text}"), rule.values)
    assert set(listed.scalars()) == {"D1"}
