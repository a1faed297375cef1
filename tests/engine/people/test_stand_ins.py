"""代理: who may stand in for whom, and for how long."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from engine.people import users
from engine.people.persons import StandingIn, person_of
from engine.people.refusals import PeopleRefused
from engine.people.stand_ins import end_stand_in, rules_of, set_stand_in
from tests.engine.people.conftest import DAY, City

UNTIL = DAY + timedelta(days=6)


def standing(connection: Connection, user_id: str, on: date = DAY) -> tuple[StandingIn, ...]:
    return person_of(connection, user_id, on=on).stands_in


def test_a_stand_in_takes_over_for_its_days(city: City, connection: Connection) -> None:
    away, other = city.add_person("lin", "U1 liaison", name="林"), city.add_person("he", "U2 liaison")
    set_stand_in(
        connection, user_id=away, stand_in_id=other, from_on=DAY, until_on=UNTIL, processes=["planning"]
    )
    [found] = standing(connection, other)
    assert (found.user_id, found.name, found.whole) == (away, "林", True)
    assert [(post.unit_id, post.post_key) for post in found.posts] == [(city.ids["U1"], "liaison")]
    assert found.processes == {"planning"}
    assert standing(connection, other, UNTIL) != ()
    assert standing(connection, other, UNTIL + timedelta(days=1)) == ()
    assert standing(connection, other, DAY - timedelta(days=1)) == ()
    assert standing(connection, away) == ()
    held = person_of(connection, other, on=DAY).memberships
    assert [post.unit_id for post in held] == [city.ids["U2"]], "no post and so no right is inherited"


def test_a_rule_may_be_for_one_post_only(city: City, connection: Connection) -> None:
    away = city.add_person("lin", "U1 liaison", "U1 vice_head")
    other = city.add_person("he", "U2 liaison")
    post = f"{city.ids['U1']}#vice_head"
    set_stand_in(connection, user_id=away, stand_in_id=other, from_on=DAY, until_on=UNTIL, posts=[post])
    [found] = standing(connection, other)
    assert ([held.post_key for held in found.posts], found.whole) == (["vice_head"], False)


def test_a_rule_ends_at_once_and_stays_on_record(city: City, connection: Connection) -> None:
    away, other = city.add_person("lin", "U1 liaison"), city.add_person("he", "U2 liaison")
    rule = set_stand_in(connection, user_id=away, stand_in_id=other, from_on=DAY, until_on=UNTIL)
    end_stand_in(connection, rule.id, on=DAY + timedelta(days=2))
    assert standing(connection, other, DAY + timedelta(days=1)) != ()
    assert standing(connection, other, DAY + timedelta(days=2)) == ()
    [kept] = rules_of(connection, away)
    assert (kept.stand_in_id, kept.until_on) == (other, DAY + timedelta(days=1))
    again = set_stand_in(
        connection, user_id=away, stand_in_id=other, from_on=DAY + timedelta(days=3), until_on=UNTIL
    )
    end_stand_in(connection, again.id, on=DAY + timedelta(days=2))
    assert [one.id for one in rules_of(connection, away)] == [rule.id]


def test_nobody_stands_in_for_a_shut_account(city: City, connection: Connection) -> None:
    away, other = city.add_person("lin", "U1 liaison"), city.add_person("he", "U2 liaison")
    set_stand_in(connection, user_id=away, stand_in_id=other, from_on=DAY, until_on=UNTIL)
    users.set_active(connection, away, active=False)
    assert standing(connection, other) == ()


def test_who_cannot_stand_in_is_refused_with_the_reason(city: City, connection: Connection) -> None:
    away, other = city.add_person("lin", "U1 liaison"), city.add_person("he", "U2 liaison")
    gone, nowhere = city.add_person("gone", "U2 liaison"), city.add_person("nowhere")
    guard = city.add_person("guard", "OF admin.system")
    users.set_active(connection, gone, active=False)
    set_stand_in(connection, user_id=away, stand_in_id=other, from_on=DAY, until_on=UNTIL)
    after, later = UNTIL + timedelta(days=1), UNTIL + timedelta(days=2)
    cases = [
        (other, UNTIL, later, (), "stand_in_overlaps"),
        (away, after, later, (), "stand_in_self"),
        (gone, after, later, (), "user_inactive"),
        (other, later, after, (), "dates_reversed"),
        (other, after, after + timedelta(days=400), (), "stand_in_too_long"),
        (nowhere, after, later, (), "stand_in_elsewhere"),
        (guard, after, later, (), "separation"),
        (other, after, later, (f"{city.ids['U1']}#head",), "stand_in_post"),
    ]
    for stand_in_id, from_on, until_on, posts, code in cases:
        with pytest.raises(PeopleRefused) as refused:
            set_stand_in(
                connection, user_id=away, stand_in_id=stand_in_id, from_on=from_on, until_on=until_on,
                posts=posts,
            )  # fmt: skip
        assert refused.value.code == code
