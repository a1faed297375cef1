"""Experts: nobody judges whom they have ties to, nobody sees whose project it is or what others gave."""

import json
from decimal import Decimal

import pytest

from engine.store import Database
from engine.verbs.refusals import Invalid, NotVisible
from engine.verbs.showing.view import view
from engine.work.history import events, may_see
from tests.innovation.contest import Contest, open_contest

HOMES = {"e1": "市旅委", "e2": "市环保局"}


pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


@pytest.fixture
def contest(database: Database) -> Contest:
    """One project of 市旅委 with 市环保局, closed; e1 and e2 belong to these units, e3 to e7 do not."""
    made = open_contest(database, homes=HOMES)
    made.begin("U20")
    made.apply("u20", way="joint", partners=[made.unit_id("u39")])
    made.do("u39.head", "cosign", outcome="approve")
    made.admit("u20")
    made.pass_time(270)
    made.close("u20")
    return made


def seats(contest: Contest) -> list[tuple[str, str]]:
    sql = "select u.login, s.state from expert_seat s join user_account u on u.id = s.user_id order by s.id"
    return [(row["login"], row["state"]) for row in contest.city.rows(sql)]


def test_nobody_is_put_over_their_own_unit_or_a_partner(contest: Contest) -> None:
    contest.release()
    assert sorted(contest.experts()) == ["e3", "e4", "e5", "e6", "e7"]


def test_the_office_cannot_release_an_expert_with_ties_or_one_twice(contest: Contest) -> None:
    shown = contest.shown("office.staff", "release")
    by_login = contest.city.people
    rows = shown["seats"]
    wrong = [{**rows[0], "expert": by_login["e1"]}, {**rows[1], "expert": rows[2]["expert"]}, *rows[2:]]
    with pytest.raises(Invalid) as refused:
        contest.do("office.staff", "release", seats=wrong)
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("seats.0.expert", "conflict"),
        ("seats.2.expert", "twice"),
    ]


def test_who_declares_a_tie_is_replaced_or_the_office_chooses_or_leaves_the_seat_empty(
    contest: Contest,
) -> None:
    contest.release()
    with pytest.raises(Invalid):
        contest.do("e3", "declare", outcome="conflict", tie="")
    contest.do("e3", "declare", outcome="conflict", tie="曾任该单位顾问")
    # nobody without ties is left: e1 and e2 belong to the units, the others sit already
    shown = contest.shown("office.staff", "choose")
    assert shown["project"].startswith("CX-01")
    for login in ("e1", "e3", "e4"):
        with pytest.raises(Invalid):
            contest.do("office.staff", "choose", outcome="submit", expert=contest.city.people[login])
    contest.do("office.staff", "choose", outcome="vacant", opinion="其余专家都要回避")
    assert contest.experts() == ["e4", "e5", "e6", "e7"]


def test_a_tie_or_silence_brings_the_next_expert(database: Database) -> None:
    contest = open_contest(database, innovation={"expertsPerProject": 3})
    contest.begin("U20")
    contest.apply("u20")
    contest.admit("u20")
    contest.pass_time(270)
    contest.close("u20")
    contest.release()
    assert contest.experts() == ["e1", "e2", "e3"]
    contest.do("e1", "declare", outcome="conflict", tie="亲属在该单位工作")
    assert contest.experts() == ["e2", "e3", "e4"]
    contest.score("e4", ["0.8", "0.8", "0.8"])
    contest.do("e2", "declare", outcome="clear", tie="")
    contest.pass_time(16)
    assert contest.experts() == ["e5", "e6"]
    assert contest.city.elements("e2") == []
    assert seats(contest) == [
        ("e1", "conflict"),
        ("e2", "late"),
        ("e3", "late"),
        ("e4", "scored"),
        ("e5", "released"),
        ("e6", "released"),
    ]
    contest.score_all({"CX-01": "0.6"})
    row = contest.confirm()["results"][0]
    assert row["marks"] == "80、60、60"
    assert (row["raw"], row["rank"]) == ("66.67", "1")


def test_an_expert_sees_neither_the_unit_nor_what_others_gave(contest: Contest) -> None:
    contest.release()
    contest.score("e3", ["0.91", "0.92", "0.93"])
    contest.do("e4", "declare", outcome="clear", tie="")
    row = contest.item("e4", "score")
    shown = view(contest.city.engine, contest.city.person("e4"), row.item_id)
    assert row.subject_name in (None, "")
    assert row.matter == contest.city.scalar("select number from innovation_project")
    with contest.city.engine.database.read() as connection:
        past = str(events(connection, shown.item.instance_id))
    told = json.dumps([shown.form.stored if shown.form else None, shown.context, past], default=str)
    for secret in (
        "市旅委",
        "市环保局",
        "0.91",
        "0.92",
        "专家3",
        contest.unit_id("u20"),
        contest.unit_id("u39"),
    ):
        assert secret not in told, secret
    with contest.city.engine.database.read() as connection:
        seen = [
            one["process_key"]
            for one in contest.city.rows("select id, process_key from instance")
            if may_see(connection, contest.city.person("e4"), one["id"])
        ]
    assert seen == ["innovation_expert_review"]
    others = contest.item("e5", "declare")
    with pytest.raises(NotVisible):
        view(contest.city.engine, contest.city.person("e4"), others.item_id)


def test_the_unit_does_not_see_its_experts(contest: Contest) -> None:
    contest.release()
    with contest.city.engine.database.read() as connection:
        for login in ("u20.head", "u20.liaison", "u39.head"):
            seen = {
                one["process_key"]
                for one in contest.city.rows("select id, process_key from instance")
                if may_see(connection, contest.city.person(login), one["id"])
            }
            assert seen <= {"innovation_project", "innovation_cosign", "plan_setting"}, login


def test_a_replaced_expert_cannot_see_who_came_after(database: Database) -> None:
    contest = open_contest(database, innovation={"expertsPerProject": 1})
    contest.begin("U20")
    contest.apply("u20")
    contest.admit("u20")
    contest.pass_time(270)
    contest.close("u20")
    contest.release()
    contest.do("e1", "declare", outcome="conflict", tie="合作单位")
    contest.score("e2", ["0.5", "0.5", "0.5"])
    with contest.city.engine.database.read() as connection:
        seen = [
            one["id"]
            for one in contest.city.rows("select id from instance")
            if may_see(connection, contest.city.person("e1"), one["id"])
        ]
    assert len(seen) == 1


def test_a_coefficient_lies_between_zero_and_one(contest: Contest) -> None:
    contest.release()
    with pytest.raises(Invalid) as refused:
        contest.score("e3", ["1.2", "0.5", "-1"])
    assert {error.field for error in refused.value.errors} == {"marks.0.value", "marks.2.value"}
    assert contest.city.scalar("select count(*) from expert_review") == 0


def test_raw_trimmed_and_standard_scores_stand_side_by_side(contest: Contest) -> None:
    contest.release()
    for login, value in zip(["e3", "e4", "e5", "e6", "e7"], ["0.9", "0.8", "0.7", "1", "0.6"], strict=True):
        contest.score(login, [value, value, "0.7"])
    row = contest.shown("office.staff", "confirm_marks")["results"][0]
    assert (row["raw"], row["trimmed"], row["z"]) == ("77", "77", "0")
    assert Decimal(str(row["bonus"])) == Decimal("1.578")
    assert row["marks"] == "84、77、70、91、63"
