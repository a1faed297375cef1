"""What an appeal may not: come late, be reviewed by who took part, be seen by another unit."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.evaluation.grading.cities import colleague
from tests.evaluation.grading.test_refusals import refused
from tests.evaluation.grading.work import grades, meeting
from tests.feedback.appealing import admit, file, review, rule, upload
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""What the database does is told on both in the stories beside."""


def test_an_appeal_after_the_term_is_too_late(graded: City) -> None:
    city, liaison = graded, graded.desk("a1.liaison")
    late = liaison.task("read_sheet")
    city.desk("a2.liaison").complete("read_sheet", outcome="appeal")
    city.settle()
    city.at(city.clock.now().date() + timedelta(days=25))
    answer = liaison.attempt(late["id"], "complete", {"version": late["version"], "outcome": "appeal"})
    assert answer.status_code == 409, answer.text
    assert city.desk("a2.liaison").waiting() == []  # what was begun and not signed in time is no appeal
    outcomes = city.rows(
        "select u.name, s.outcome from score_sheet s join unit u on u.id = s.unit_id order by u.code"
    )
    assert [(row["name"], row["outcome"]) for row in outcomes] == [
        ("甲局", "silent"),
        ("乙局", "appeal"),
        ("丙局", "silent"),
        ("丁区政府", "silent"),
    ]
    assert city.scalar("select count(*) from appeal") == 0


def test_who_scored_or_checked_does_not_review(graded: City) -> None:
    city = graded
    file(city)
    admit(city)
    appointed = "insert into membership (id, user_id, unit_id, home_id, post_key, from_on, is_primary) "
    with city.engine.database.write() as connection:
        connection.execute(
            text(
                appointed + "select 'm1', u.id, m.unit_id, m.home_id, 'appeal.reviewer', m.from_on, false "
                "from user_account u join membership m on m.user_id = u.id where u.login = 'office.reviewer'"
            )
        )
    fields = {"value": "97.5", "finding": "属实"}
    found = refused(city.desk("office.reviewer"), "review", outcome="uphold", fields=fields)
    assert found == {"finding": "您参加过本年度的综合评定，不能复核这项申诉。请由没有参加过的人复核。"}
    with city.engine.database.write() as connection:
        connection.execute(
            text(
                "insert into score (id, cycle_id, unit_id, component, value, of, method, basis, inputs_json, "
                "rules_json, scored_by, scored_at, replaces_id) select 's1', s.cycle_id, s.unit_id, "
                "s.component, s.value, s.of, 'group', '', s.inputs_json, s.rules_json, u.id, s.scored_at, "
                "s.id from score s join unit n on n.id = s.unit_id, user_account u "
                "where n.name = '甲局' and s.component = 'electronic' and u.login = 'appeal.reviewer'"
            )
        )
    found = refused(city.desk("appeal.reviewer"), "review", outcome="uphold", fields=fields)
    assert found == {"finding": "您给这个分项评过分，不能复核这项申诉。请由没有参加过的人复核。"}
    colleague(city, "independent", of="appeal.reviewer")
    review(city, login="independent")
    assert city.desk("committee.secretary").waiting() == ["rule"]


def test_a_mark_out_of_range_a_missing_mark_and_the_present_mark_are_refused(graded: City) -> None:
    city, liaison = graded, graded.desk("a1.liaison")
    liaison.complete("read_sheet", outcome="appeal")
    city.settle()
    proof = upload(liaison, "file_appeal", field="evidence")
    fields = {"component": "electronic", "claimed": "101", "text": "漏计", "evidence": [proof]}
    assert set(refused(liaison, "file_appeal", fields=fields)) == {"claimed"}
    assert set(refused(liaison, "file_appeal", fields={**fields, "claimed": "95.2"})) == {"claimed"}
    assert set(refused(liaison, "file_appeal", fields={**fields, "claimed": "97", "evidence": []})) == {
        "evidence"
    }
    liaison.complete("file_appeal", fields={**fields, "claimed": "97"})
    city.settle()
    city.desk("a1.head").complete("sign_appeal", outcome="return", opinion="补充理由")
    city.settle()
    again = upload(liaison, "file_appeal", field="evidence")
    liaison.complete("file_appeal", fields={**fields, "claimed": "97.5", "evidence": [again]})
    city.settle()
    city.desk("a1.head").complete("sign_appeal", outcome="approve")
    city.settle()
    admit(city)
    reviewer = city.desk("appeal.reviewer")
    assert set(refused(reviewer, "review", outcome="uphold", fields={"finding": "属实"})) == {"value"}
    given = {"finding": "维持", "value": "97"}
    assert set(refused(reviewer, "review", outcome="dismiss", fields=given)) == {"value"}


def test_a_dismissed_appeal_changes_nothing(graded: City) -> None:
    city, before = graded, grades(graded)
    file(city)
    admit(city)
    city.desk("appeal.reviewer").complete("review", outcome="dismiss", fields={"finding": "计分无误"})
    city.settle()
    city.desk("appeal.lead").complete("recheck", outcome="approve")
    city.settle()
    secretary = city.desk("committee.secretary")
    fields = meeting(city, secretary, "rule", decision="upheld", reason="同意更正")
    assert set(refused(secretary, "rule", "register_for", fields=fields)) == {"decision"}
    rule(city, "dismissed")
    assert grades(city) == before
    assert city.scalar("select count(*) from snapshot") == 2


def test_an_appeal_that_is_not_admitted_ends(graded: City) -> None:
    city = graded
    file(city)
    staff = city.desk("office.staff")
    assert refused(staff, "admit", outcome="reject")
    staff.complete("admit", outcome="reject", opinion="没有新的证据")
    city.settle()
    assert city.desk("appeal.reviewer").waiting() == []
    told = city.rows("select params_json from notification where kind = 'feedback.appeal_rejected'")
    assert len(told) == 2


def test_another_unit_sees_neither_sheet_nor_appeal(graded: City) -> None:
    city = graded
    item = city.desk("a1.liaison").task("read_sheet")
    assert city.desk("a2.liaison").get(f"/work-items/{item['id']}").status_code == 404
    answer = city.desk("a2.liaison").attempt(item["id"], "complete", {"version": 1, "outcome": "confirm"})
    assert answer.status_code == 404
    mine = city.unit_id("甲局")
    file(city)
    sheet = city.desk("a1.head").read(f"/units/{mine}/score-sheet")
    assert [act["kind"] for act in sheet["appeals"][0]["acts"]] == ["signed"]
    assert city.desk("a2.head").get(f"/units/{mine}/score-sheet").status_code == 404
