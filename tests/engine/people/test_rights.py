"""Rights: what posts allow and refuse; the rule for one thing and the rule for lists agree."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, column, select, table, text

from engine.people import memberships, tree
from engine.people.acts import ACTS, REACHES, act_to_appoint
from engine.people.persons import HeldPost, Person, Right, StandingIn, person_of
from engine.people.posts import Grant, PostSpec, define_posts, set_grants
from engine.people.records import records
from engine.people.refusals import NotAllowed, PeopleRefused
from engine.people.rights import INSTALLATION, Concern, Thing, may, may_somewhere, require
from engine.people.tables import Membership
from engine.people.visible import ConcernColumns, ThingColumns, visible
from tests.engine.people.conftest import DAY, City

CYCLES = ("cycle-2017", "cycle-2018")


def person(city: City, login: str) -> Person:
    row = city.connection.execute(text("select id from user_account where login = :l"), {"l": login}).scalar()
    return person_of(city.connection, str(row), on=DAY)


def target_of(city: City, code: str, cycle: str = "cycle-2018") -> Thing:
    return Thing(unit_id=city.ids[code], assessor_id=city.ids["C0"], cycle_id=cycle)


def test_liaison_sees_targets_of_the_own_unit_and_no_other(city: City) -> None:
    city.add_person("lxy", "U1 liaison")
    liaison = person(city, "lxy")
    assert may(liaison, "see_target", target_of(city, "U1"))
    assert not may(liaison, "see_target", target_of(city, "U2"))
    assert not may(liaison, "see_scores", target_of(city, "U1"))
    assert not may(liaison, "assign_target", target_of(city, "U1"))


def test_head_reaches_the_units_below_and_no_unit_beside(city: City) -> None:
    city.add_person("head", "D1 head")
    head = person(city, "head")
    assert may(head, "see_target", target_of(city, "D1A"))
    assert not may(head, "see_target", target_of(city, "U1"))
    assert not may(head, "see_target", target_of(city, "C0"))


def test_office_reaches_every_unit_of_its_assessor_and_none_of_another(city: City) -> None:
    city.add_person("office", "OF office.head")
    office = person(city, "office")
    other = city.add_unit("X0", "宁波市", "assessor")
    for code in ("U1", "D1A", "C0"):
        assert may(office, "assign_target", target_of(city, code))
    assert not may(office, "assign_target", Thing(unit_id=other, assessor_id=other))
    assert not may(office, "deploy", INSTALLATION)


def test_post_holder_acts_until_somebody_has_taken_the_item(city: City) -> None:
    first, second = city.add_person("one", "U1 liaison"), city.add_person("two", "U1 liaison")
    city.add_person("other", "U2 liaison")
    one, two, other = (person(city, login) for login in ("one", "two", "other"))
    free = Thing(concerns=(Concern(unit_id=city.ids["U1"], post_key="liaison"),))
    assert may(one, "act_item", free) and may(two, "act_item", free) and not may(other, "act_item", free)
    taken = Thing(concerns=(Concern(holder_id=first, unit_id=city.ids["U1"], post_key="liaison"),))
    assert may(one, "act_item", taken) and not may(two, "act_item", taken)
    assert may(two, "see_item", taken) and not may(other, "see_item", taken)
    assert second != first


def test_post_of_one_cycle_counts_in_no_other(city: City) -> None:
    city.add_person("seconded", "OF office.reviewer", cycle_id="cycle-2018")
    reviewer = person(city, "seconded")
    assert may(reviewer, "see_target", target_of(city, "U1", "cycle-2018"))
    assert not may(reviewer, "see_target", target_of(city, "U1", "cycle-2017"))
    assert not may(reviewer, "see_target", Thing(unit_id=city.ids["U1"], assessor_id=city.ids["C0"]))


def test_rights_end_with_the_post(city: City, connection: Connection) -> None:
    user_id = city.add_person("gone", "U1 liaison")
    (held,) = memberships.memberships_of(connection, user_id)
    memberships.end_membership(connection, held.id, until_on=date(2018, 2, 28))
    assert person_of(connection, user_id, on=date(2018, 2, 28)).holds("liaison")
    left = person_of(connection, user_id, on=DAY)
    assert left.memberships == ()
    assert not may(left, "see_target", target_of(city, "U1"))


def put_past_the_rules(city: City, user_id: str, code: str, post_key: str) -> None:
    """A second post as a hand at the database would give it."""
    unit_id = city.ids[code]
    held = Membership(user_id=user_id, unit_id=unit_id, home_id=unit_id, post_key=post_key, from_on=DAY)
    with records(city.connection) as session:
        session.add(held)
        session.flush()


def test_auditor_sees_every_procedure_and_changes_nothing(city: City) -> None:
    auditor_id = city.add_person("auditor", "OF admin.audit")
    put_past_the_rules(city, auditor_id, "U1", "liaison")
    auditor = person(city, "auditor")
    mine = Thing(
        unit_id=city.ids["U1"], concerns=(Concern(auditor_id, city.ids["U1"], "liaison", auditor_id),)
    )
    assert may(auditor, "see_instance", target_of(city, "U2")) and may(auditor, "read_audit", INSTALLATION)
    for act in (key for key, act in ACTS.items() if act.changes):
        assert not may(auditor, act, mine)


def test_administrator_of_people_never_reads_scores(city: City, connection: Connection) -> None:
    user_id = city.add_person("admin", "OF admin.system")
    put_past_the_rules(city, user_id, "U1", "head")
    admin = person(city, "admin")
    assert may(admin, "manage_people", target_of(city, "U1"))
    assert not may(admin, "see_scores", target_of(city, "U1"))
    with pytest.raises(NotAllowed) as refused:
        require(admin, "see_scores", target_of(city, "U1"))
    assert "三员分立" in refused.value.message
    assert visible(admin, "see_scores", ThingColumns(unit="t.unit_id")).text == "(1 = 0)"


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ("admin.system", "admin.security"),
        ("admin.security", "admin.audit"),
        ("admin.audit", "admin.system"),
        ("office.staff", "supervision"),
        ("supervision", "admin.system"),
        ("admin.system", "liaison"),
        ("review.finance", "admin.audit"),
    ],
)
def test_posts_of_two_sides_are_refused_to_one_person(city: City, held: str, wanted: str) -> None:
    user_id = city.add_person("li", f"OF {held}", name="李四")
    with pytest.raises(PeopleRefused) as refused:
        memberships.appoint(
            city.connection, user_id=user_id, unit_id=city.ids["OF"], post_key=wanted, from_on=DAY
        )
    assert refused.value.code == "separation"
    assert "李四" in refused.value.message


def test_posts_of_two_sides_one_after_the_other_are_fine(city: City, connection: Connection) -> None:
    user_id = city.add_person("li", "OF admin.system")
    (held,) = memberships.memberships_of(connection, user_id)
    memberships.end_membership(connection, held.id, until_on=DAY)
    memberships.appoint(
        connection,
        user_id=user_id,
        unit_id=city.ids["OF"],
        post_key="admin.audit",
        from_on=date(2018, 3, 2),
    )
    assert person_of(connection, user_id, on=date(2018, 3, 2)).holds("admin.audit")


def test_one_post_never_gets_rights_that_must_stay_apart(connection: Connection) -> None:
    for acts in (("manage_people", "see_scores"), ("read_audit", "manage_rights"), ("read_audit", "urge")):
        grants = tuple(Grant(act, "all") for act in acts)
        spec = PostSpec("both", "两员", separation="system", grants=grants)
        with pytest.raises(PeopleRefused) as refused:
            define_posts(connection, [spec])
        assert refused.value.code == "separation"


def test_administrators_rights_go_only_to_posts_of_a_side(city: City, connection: Connection) -> None:
    for act in ("manage_people", "manage_rights", "read_audit"):
        with pytest.raises(PeopleRefused) as refused:
            set_grants(connection, "liaison", [Grant(act, "all")])
        assert refused.value.code == "separation"


def test_two_administrators_rights_in_one_hand_are_none(city: City) -> None:
    root = city.ids["C0"]
    both = tuple(Right(act, "all", root, root) for act in ("manage_people", "manage_rights", "urge"))
    someone = Person("p", "某人", "someone", rights=both)
    assert not may(someone, "manage_people", INSTALLATION)
    assert not may(someone, "manage_rights", INSTALLATION)
    assert may(someone, "urge", INSTALLATION)


def test_unknown_acts_and_reaches_are_refused(city: City, connection: Connection) -> None:
    with pytest.raises(PeopleRefused):
        set_grants(connection, "liaison", [Grant("fly", "unit")])
    with pytest.raises(PeopleRefused):
        set_grants(connection, "liaison", [Grant("see_item", "galaxy")])
    city.add_person("lxy", "U1 liaison")
    with pytest.raises(PeopleRefused):
        may(person(city, "lxy"), "fly", INSTALLATION)
    with pytest.raises(PeopleRefused):
        visible(person(city, "lxy"), "fly", ThingColumns())


def test_changed_grants_count_at_once(city: City, connection: Connection) -> None:
    city.add_person("lxy", "U1 liaison")
    set_grants(connection, "liaison", [Grant("export", "unit")])
    liaison = person(city, "lxy")
    assert may(liaison, "export", target_of(city, "U1"))
    assert not may(liaison, "see_target", target_of(city, "U1"))
    assert may_somewhere(liaison, "export") and not may_somewhere(liaison, "urge")


def test_administrators_are_appointed_by_the_security_administrator_alone() -> None:
    assert act_to_appoint(["see_target"]) == "manage_people"
    for act in ("manage_people", "manage_rights", "read_audit"):
        assert act_to_appoint([act]) == "manage_rights"


ITEM = ThingColumns(
    unit="t.subject_id",
    cycle="t.cycle_id",
    process="t.process_key",
    concerns=(
        ConcernColumns(holder="t.holder_id", unit="t.unit_id", post_key="t.post_key"),
        ConcernColumns(involved="e.person_id", table="thing_event e", on="e.thing_id = t.id"),
    ),
)


def test_rule_for_one_thing_and_rule_for_lists_agree(connection: Connection, city: City) -> None:
    """Generated people and grants over rows of every shape; the same rows by `may` and by `visible`."""
    rows = _things(connection, city)
    below = {code: frozenset(tree.descendants(connection, id_)) for code, id_ in city.ids.items()}
    tops = {city.ids[code]: ids for code, ids in below.items()}

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(_people(city, tops), st.sampled_from(sorted(ACTS)), st.booleans())
    def agree(someone: Person, act: str, assessor_given: bool) -> None:
        columns = ITEM
        if assessor_given:
            columns = replace(ITEM, assessor="t.assessor_id")
        condition = visible(someone, act, columns)
        things = table("thing", column("id")).alias("t")
        found = connection.execute(select(things.c.id).where(condition.clause)).scalars()
        assert set(found) == {id_ for id_, thing in rows if may(someone, act, thing)}

    agree()


def _people(city: City, below: dict[str, frozenset[str]]) -> st.SearchStrategy[Person]:
    unit = st.sampled_from(sorted(city.ids.values()))
    cycle = st.sampled_from([None, *CYCLES])
    root = city.ids["C0"]
    held = st.builds(HeldPost, unit, st.sampled_from(["liaison", "head"]), cycle)
    acts = st.sampled_from(sorted(ACTS))
    right = st.builds(
        Right, acts, st.sampled_from(REACHES), unit, st.sampled_from([root, city.ids["D1"]]), cycle
    )
    standing = st.builds(
        StandingIn,
        st.sampled_from(["p1", "p2"]),
        st.just("别人"),
        st.lists(held, max_size=2).map(tuple),
        st.sets(st.sampled_from(["planning", "survey"]), max_size=1).map(frozenset),
        st.booleans(),
    )
    return st.builds(
        Person,
        id=st.sampled_from(["p1", "p2"]),
        name=st.just("某人"),
        login=st.just("someone"),
        memberships=st.lists(held, max_size=3).map(tuple),
        rights=st.lists(right, max_size=5).map(tuple),
        below=st.just(below),
        stands_in=st.lists(standing, max_size=2).map(tuple),
    )


def _things(connection: Connection, city: City) -> list[tuple[str, Thing]]:
    connection.execute(
        text(
            "create table thing (id varchar(20) primary key, subject_id varchar(36), assessor_id varchar(36),"
            " cycle_id varchar(36), holder_id varchar(36), unit_id varchar(36), post_key varchar(60),"
            " process_key varchar(60))"
        )
    )
    connection.execute(text("create table thing_event (thing_id varchar(20), person_id varchar(36))"))
    root, rows = city.ids["C0"], []
    places = [None, *(city.ids[code] for code in ("C0", "U1", "D1", "D1A"))]
    shapes = product(places, [None, *CYCLES], [None, "p1"], [None, "liaison"], [None, "p1", "p2"])
    for number, (subject, cycle, holder, post, involved) in enumerate(shapes):
        at = (subject or city.ids["U1"]) if post else None
        assessor = root if subject else None
        row = {"id": str(number), "s": subject, "a": assessor, "c": cycle, "h": holder, "u": at, "p": post}
        process = ("planning", "survey", "rating")[number % 3]
        insert = text("insert into thing values (:id, :s, :a, :c, :h, :u, :p, :process)")
        connection.execute(insert, {**row, "process": process})
        concerns = [Concern(holder_id=holder, unit_id=at, post_key=post)]
        if involved:
            connection.execute(
                text("insert into thing_event values (:t, :p)"), {"t": row["id"], "p": involved}
            )
            concerns.append(Concern(involved_id=involved))
        rows.append((str(number), Thing(subject, assessor, cycle, tuple(concerns), process)))
    return rows
