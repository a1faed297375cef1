"""Posts and who holds them: references, dates, cycles, vacant posts, stand-ins, handing over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from engine.people import memberships, posts, users
from engine.people.persons import person_of
from engine.people.posts import (
    PostReference,
    PostSpec,
    define_posts,
    find_post,
    format_reference,
    parse_reference,
)
from engine.people.queries import QUERIES
from engine.people.refusals import PeopleRefused
from engine.store import Database, Row
from tests.engine.people.conftest import DAY, City, build_city
from tests.engine.people.standard_posts import STANDARD_POSTS


def names(
    connection: Connection, unit_id: str, key: str, on: date = DAY, cycle: str | None = None
) -> list[str]:
    return [holder.name for holder in memberships.holders(connection, unit_id, key, on=on, cycle_id=cycle)]


def test_reference_reads_back_as_it_was_written() -> None:
    text = format_reference("0190-abc", "office.reviewer")
    assert text == "0190-abc#office.reviewer"
    assert parse_reference(text) == PostReference("0190-abc", "office.reviewer")


@pytest.mark.parametrize("text", ["", "#", "u1", "u1#", "#head", "u1#Head", "u1#a..b", " u1#head", "u1#a#b"])
def test_malformed_references_are_refused(text: str) -> None:
    with pytest.raises(PeopleRefused) as refused:
        parse_reference(text)
    assert refused.value.code == "post_reference"


def test_one_person_holds_several_posts_at_several_units(city: City, connection: Connection) -> None:
    user_id = city.add_person("lin", "U1 liaison", "U1 division", "U2 liaison")
    person = person_of(connection, user_id, on=DAY)
    held = {(post.unit_id, post.post_key) for post in person.memberships}
    one, two = city.ids["U1"], city.ids["U2"]
    assert held == {(one, "liaison"), (one, "division"), (two, "liaison")}
    assert person.holds("division", unit_id=one) and not person.holds("division", unit_id=two)


def test_post_is_held_from_its_first_to_its_last_day(city: City, connection: Connection) -> None:
    user_id, unit_id = city.add_person("lin"), city.ids["U1"]
    memberships.appoint(
        connection,
        user_id=user_id,
        unit_id=unit_id,
        post_key="liaison",
        from_on=DAY,
        until_on=DAY + timedelta(days=1),
    )
    for days, held in ((-1, 0), (0, 1), (1, 1), (2, 0)):
        assert len(names(connection, unit_id, "liaison", DAY + timedelta(days=days))) == held


def test_post_for_one_cycle_is_held_in_that_cycle_only(city: City, connection: Connection) -> None:
    city.add_person("lin", "U1 liaison", name="林", cycle_id="cycle-2018")
    city.add_person("he", "U1 liaison", name="何")
    unit_id = city.ids["U1"]
    assert set(names(connection, unit_id, "liaison", cycle="cycle-2018")) == {"林", "何"}
    assert names(connection, unit_id, "liaison", cycle="cycle-2017") == ["何"]
    assert names(connection, unit_id, "liaison") == ["何"]


def test_who_joins_a_post_holds_it_from_then_on_and_who_leaves_no_more(
    city: City, connection: Connection
) -> None:
    old, new = city.add_person("lin", "U1 liaison", name="林"), city.add_person("he", name="何")
    (held,) = memberships.memberships_of(connection, old)
    memberships.end_membership(connection, held.id, until_on=DAY - timedelta(days=1))
    memberships.appoint(connection, user_id=new, unit_id=city.ids["U1"], post_key="liaison", from_on=DAY)
    assert names(connection, city.ids["U1"], "liaison", DAY - timedelta(days=1)) == ["林"]
    assert names(connection, city.ids["U1"], "liaison", DAY) == ["何"]


def test_post_ended_before_it_began_is_gone(city: City, connection: Connection) -> None:
    user_id = city.add_person("lin", "U1 liaison")
    (held,) = memberships.memberships_of(connection, user_id)
    memberships.end_membership(connection, held.id, until_on=held.from_on - timedelta(days=1))
    assert memberships.memberships_of(connection, user_id) == []


def test_inactive_people_hold_nothing_and_get_nothing(city: City, connection: Connection) -> None:
    user_id = city.add_person("lin", "U1 liaison")
    users.set_active(connection, user_id, active=False)
    assert names(connection, city.ids["U1"], "liaison") == []
    with pytest.raises(PeopleRefused):
        person_of(connection, user_id, on=DAY)
    with pytest.raises(PeopleRefused) as refused:
        memberships.appoint(connection, user_id=user_id, unit_id=city.ids["U1"], post_key="head", from_on=DAY)
    assert refused.value.code == "user_inactive"


def test_the_same_post_twice_reversed_dates_and_unknown_posts_are_refused(
    city: City, connection: Connection
) -> None:
    user_id = city.add_person("lin", "U1 liaison")
    cases = [
        ("liaison", DAY, None, "already_holds"),
        ("head", DAY, DAY - timedelta(days=1), "dates_reversed"),
        ("king", DAY, None, "post_unknown"),
    ]
    for key, from_on, until_on, code in cases:
        with pytest.raises(PeopleRefused) as refused:
            memberships.appoint(
                connection,
                user_id=user_id,
                unit_id=city.ids["U1"],
                post_key=key,
                from_on=from_on,
                until_on=until_on,
            )
        assert refused.value.code == code


def test_post_of_the_assessor_is_found_there_though_its_holder_sits_in_a_bureau(
    city: City, connection: Connection
) -> None:
    user_id = city.add_person("qian", "U3 review.finance", name="钱")
    assert names(connection, city.ids["C0"], "review.finance") == ["钱"]
    (held,) = memberships.members_of(connection, city.ids["U3"], on=DAY)
    assert (held.user_id, held.unit_id, held.home_id) == (user_id, city.ids["C0"], city.ids["U3"])


def test_primary_holder_comes_first_and_a_person_has_one_primary_post(
    city: City, connection: Connection
) -> None:
    city.add_person("lin", "U1 liaison", name="林")
    user_id = city.add_person("he", name="何")
    for code in ("U2", "U1"):
        memberships.appoint(
            connection,
            user_id=user_id,
            unit_id=city.ids[code],
            post_key="liaison",
            from_on=DAY,
            is_primary=True,
        )
    assert names(connection, city.ids["U1"], "liaison") == ["何", "林"]
    assert sum(held.is_primary for held in memberships.memberships_of(connection, user_id)) == 1


def test_vacant_post_goes_to_the_head_then_to_the_office_with_a_notice(
    city: City, connection: Connection
) -> None:
    post = PostReference(city.ids["U1"], "liaison")
    nobody = memberships.receivers(connection, post, on=DAY)
    assert (nobody.post, nobody.holders, nobody.reason) == (post, (), "nobody")
    city.add_person("office", "OF office.staff", name="考评办")
    office = memberships.receivers(connection, post, on=DAY)
    assert office.post == PostReference(city.ids["C0"], "office.staff")
    assert (
        office.reason == "vacant_to_office" and "联络员" in office.notice and "市旅游委员会" in office.notice
    )
    city.add_person("head", "U1 head", name="主任")
    head = memberships.receivers(connection, post, on=DAY)
    assert (head.reason, [holder.name for holder in head.holders]) == ("vacant_to_head", ["主任"])
    city.add_person("lin", "U1 liaison", name="林")
    held = memberships.receivers(connection, post, on=DAY)
    assert (held.post, held.reason, held.notice) == (post, None, "")


def test_lists_of_people_show_all_their_posts_of_the_day(city: City, connection: Connection) -> None:
    lin = city.add_person("lin", "U1 liaison", "U3 review.finance", name="林")
    he = city.add_person("he", "U2 head", name="何")
    (held,) = memberships.memberships_of(connection, he)
    memberships.end_membership(connection, held.id, until_on=DAY - timedelta(days=1))
    listed = users.list_users(connection, limit=1)
    assert [user.login for user in listed] == ["he"]
    rest = users.list_users(connection, after=listed[-1].login)
    assert [user.login for user in rest] == ["lin"]
    postings = memberships.postings_of(connection, [lin, he], on=DAY)
    assert [(post.post_name, post.home_name) for post in postings[lin]] == [
        ("联络员", "市旅游委员会"),
        ("财政联审", "市财政局"),
    ]
    assert he not in postings


def test_two_appointments_at_once_never_give_one_person_two_sides(database: Database) -> None:
    with database.write() as connection:
        city = build_city(connection)
        user_id = city.add_person("li")

    def appoint(key: str) -> str:
        try:
            with database.write() as connection:
                memberships.appoint(
                    connection, user_id=user_id, unit_id=city.ids["OF"], post_key=key, from_on=DAY
                )
            return "appointed"
        except PeopleRefused as refused:
            return refused.code

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(appoint, ["admin.system", "admin.security", "admin.audit"]))
    assert sorted(outcomes) == ["appointed", "separation", "separation"]


def test_posts_are_data_defined_again_without_doubling(connection: Connection) -> None:
    define_posts(connection, STANDARD_POSTS)
    define_posts(connection, [*STANDARD_POSTS, PostSpec("observer", "绩效观察员", rank=99)])
    listed = posts.list_posts(connection)
    assert listed[0].key == "observer" and len(listed) == len(STANDARD_POSTS) + 1
    by_key = {spec.key: spec for spec in listed}
    for spec in STANDARD_POSTS:
        assert set(by_key[spec.key].grants) == set(spec.grants)
    assert find_post(connection, "联络员").key == find_post(connection, "liaison").key == "liaison"


@pytest.mark.parametrize(
    "spec",
    [PostSpec("Head", "头"), PostSpec("a..b", "点"), PostSpec("x", " "), PostSpec("x", "甲", seat="moon")],
)
def test_malformed_posts_are_refused(connection: Connection, spec: PostSpec) -> None:
    with pytest.raises(PeopleRefused):
        define_posts(connection, [spec])


def test_post_that_was_ever_held_is_never_removed(city: City, connection: Connection) -> None:
    city.add_person("lin", "U1 liaison")
    with pytest.raises(PeopleRefused) as refused:
        posts.remove_post(connection, "liaison")
    assert refused.value.code == "post_in_use"
    posts.remove_post(connection, "expert")
    with pytest.raises(PeopleRefused):
        find_post(connection, "评审专家")


def test_a_person_costs_three_statements_whatever_they_hold(
    city: City, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [f"{code} {key}" for code in ("U1", "U2", "D1") for key in ("liaison", "head")]
    user_id = city.add_person("lin", *held)
    seen: list[str] = []
    rows = QUERIES.rows

    def counted(connection: Connection, name: str, **values: object) -> list[Row]:
        seen.append(name)
        return rows(connection, name, **values)

    monkeypatch.setattr(QUERIES, "rows", counted)
    person = person_of(connection, user_id, on=DAY)
    assert seen == ["memberships_of", "grants_of", "stood_in_for"]
    assert city.ids["D1A"] in person.below[city.ids["D1"]]
