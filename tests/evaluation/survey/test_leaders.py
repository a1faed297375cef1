"""The leaders' evaluation: what is voted is secret, what comes out is exact, and the item only says 已投."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.verbs.refusals import Invalid
from tests.evaluation.survey.city import LEADERS, SurveyCity
from tests.evaluation.survey.desk import Site, site

UNIT = "市旅委"
EXAMPLE = ("5", "5", "4", "4", "4", "5", "3", "unknown", "4", "5")
"""The worked example: nine valid, mean 4.3333."""


def logins() -> list[str]:
    return ["city.leader", *(f"city.leader{number}" for number in range(2, LEADERS + 1))]


def begin(city: SurveyCity, remit: Mapping[str, list[str]]) -> None:
    """Start the evaluation by remit: login → names of units."""
    city.engine.start("leader_evaluation", cycle=city.cycle)
    city.engine.drain()
    form = city.form("office.staff", "set_scope")
    for row in form["leaders"]:
        login = next(login for login in logins() if city.people[login] == row["id"])
        row["units"] = [city.demo.units[name] for name in remit.get(login, [])]
    city.complete("office.staff", "set_scope", fields={**form, "by_duty": True})


def turn(city: SurveyCity, login: str) -> str:
    """The instance of the leader's own step."""
    return str(
        city.scalar(
            "select instance_id from work_item where assignee_id = :person and element_id = 'cast_ballot'",
            person=city.people[login],
        )
    )


def vote(desk: Site, login: str, marks: Mapping[str, str]) -> str:
    """Vote as a leader; the turn."""
    city, headers = desk.city, desk.log_in(login)
    own = turn(city, login)
    paper = desk.client.get(f"/api/v1/ballots/{own}", headers=headers)
    assert paper.status_code == 200, paper.text
    given = {city.demo.units[name]: mark for name, mark in marks.items()}
    answer = desk.client.post(
        f"/api/v1/ballots/{own}", json={"sheet": paper.json()["sheet"], "marks": given}, headers=headers
    )
    assert answer.status_code == 204, answer.text
    return own


def test_ten_leaders_come_to_the_mean_of_the_worked_example(city: SurveyCity, tmp_path: Path) -> None:
    begin(city, {login: [UNIT] for login in logins()})
    with site(city, tmp_path) as desk:
        for login, mark in zip(logins(), EXAMPLE, strict=True):
            vote(desk, login, {UNIT: mark})
    city.engine.drain()
    shown = city.form("office.reviewer", "check_results")
    assert (shown["eligible"], shown["cast"]) == (10, 10)
    assert shown["units"] == [{"name": UNIT, "eligible": 10, "valid": "9", "mean": "4.3333", "remark": ""}]
    [result] = city.rows("select * from leader_result")
    assert round(city.number(result["as_100"]), 4) == Decimal("86.6667")
    city.complete("office.reviewer", "check_results", outcome="approve")
    [score] = city.rows("select * from score where component = 'leaders'")
    assert round(city.number(score["value"]), 4) == Decimal("4.3333")
    assert (city.number(score["of"]), score["method"]) == (Decimal(5), "leader")
    assert city.scalar("select count(*) from instance where status <> 'completed'") == 0


def test_the_item_says_that_was_voted_and_never_what(city: SurveyCity, tmp_path: Path) -> None:
    begin(city, {login: [UNIT] for login in logins()[:6]})
    with site(city, tmp_path) as desk:
        own = vote(desk, "city.leader", {UNIT: "2"})
    texts = city.rows("select * from work_event where instance_id = :id", id=own)
    assert [row["verb"] for row in texts] == ["complete"]
    names = {row["name"] for row in city.rows("select name from variable where instance_id = :id", id=own)}
    assert not any("mark" in name for name in names)
    [ballot] = city.rows("select * from ballot")
    assert set(ballot) == {"key", "box_id", "subject_id", "layer", "mark"}
    assert ballot["mark"] == "2"
    assert city.scalar("select count(*) from draft") == 0


def test_only_the_leader_votes_and_only_once(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    city = sqlite_city
    begin(city, {login: [UNIT] for login in logins()[:6]})
    own = turn(city, "city.leader")
    with site(city, tmp_path) as desk:
        for other in ("city.leader2", "office.staff", "admin.system"):
            headers = desk.log_in(other)
            assert desk.client.get(f"/api/v1/ballots/{own}", headers=headers).status_code == 404
            assert desk.client.get(f"/ballots/{own}", headers=headers).status_code == 404
        vote(desk, "city.leader", {UNIT: "5"})
        headers = desk.log_in("city.leader")
        again = {"sheet": "x" * 32, "marks": {city.demo.units[UNIT]: "1"}}
        answer = desk.client.post(f"/api/v1/ballots/{own}", json=again, headers=headers)
        assert answer.status_code == 409
        assert "一人一票" in answer.json()["title"]
        page = desk.client.get(f"/ballots/{own}", headers={**headers, "accept": "text/html"})
        assert "已投" in page.text
        assert "radio" not in page.text
    assert [row["mark"] for row in city.rows("select mark from ballot")] == ["5"]


def test_the_task_cannot_be_done_without_the_ballot(sqlite_city: SurveyCity) -> None:
    begin(sqlite_city, {"city.leader": [UNIT], "city.leader2": [UNIT]})
    with pytest.raises(Invalid) as refused:
        sqlite_city.complete("city.leader", "cast_ballot")
    assert "还没有投票" in refused.value.errors[0].message


def test_a_mark_off_the_scale_is_refused_and_nothing_is_stored(
    sqlite_city: SurveyCity, tmp_path: Path
) -> None:
    begin(sqlite_city, {"city.leader": [UNIT], "city.leader2": [UNIT]})
    own = turn(sqlite_city, "city.leader")
    with site(sqlite_city, tmp_path) as desk:
        headers = desk.log_in("city.leader")
        for mark in ("", "0", "6", "2.5", "NaN", "好"):
            sent = {"sheet": "y" * 32, "marks": {sqlite_city.demo.units[UNIT]: mark}}
            answer = desk.client.post(f"/api/v1/ballots/{own}", json=sent, headers=headers)
            assert answer.status_code == 422, mark
    assert sqlite_city.scalar("select count(*) from ballot") == 0
    assert sqlite_city.scalar("select count(*) from spent_code") == 0


def test_a_unit_with_one_scorer_is_confidential_and_said_to_be_so(
    sqlite_city: SurveyCity, tmp_path: Path
) -> None:
    city, alone = sqlite_city, "市环保局"
    begin(city, {"city.leader": [UNIT, alone], "city.leader2": [UNIT], "city.leader3": [UNIT]})
    own = turn(city, "city.leader")
    with site(city, tmp_path) as desk:
        headers = {**desk.log_in("city.leader"), "accept": "text/html"}
        page = desk.client.get(f"/ballots/{own}", headers=headers).text
        assert "标有“保密”的单位只有您一位打分" in page
        vote(desk, "city.leader", {UNIT: "4", alone: "5"})
        vote(desk, "city.leader2", {UNIT: "5"})
        vote(desk, "city.leader3", {UNIT: "3"})
    city.engine.drain()
    rows = {row["name"]: row for row in city.form("office.reviewer", "check_results")["units"]}
    assert rows[alone]["remark"].startswith("只有一位领导打分：保密，非秘密")
    assert rows[UNIT]["valid"] == "少于 5 份"
    assert {row["mean"] for row in rows.values()} == {""}
    city.complete("office.reviewer", "check_results", outcome="approve")
    scores = {row["unit_id"]: city.number(row["value"]) for row in city.rows("select * from score")}
    assert scores == {city.demo.units[UNIT]: Decimal(4), city.demo.units[alone]: Decimal(5)}


def test_who_does_not_vote_is_reminded_each_week_and_the_box_closes_without_them(
    sqlite_city: SurveyCity, tmp_path: Path
) -> None:
    city = sqlite_city
    begin(city, {login: [UNIT] for login in logins()[:4]})
    with site(city, tmp_path) as desk:
        vote(desk, "city.leader", {UNIT: "4"})
        city.at(date(2018, 11, 9))
        reminded = "select user_id from notification where kind = 'leaders.remind'"
        assert {row["user_id"] for row in city.rows(reminded)} == {
            city.people[login] for login in logins()[1:4]
        }
        city.at(date(2018, 11, 16))
        assert len(city.rows(reminded)) == 6
        late = turn(city, "city.leader2")
        headers = desk.log_in("city.leader2")
        closes = date.fromisoformat(str(city.scalar("select closes_on from leader_evaluation")))
        city.at(closes + timedelta(days=1))
        sent = {"sheet": "z" * 32, "marks": {city.demo.units[UNIT]: "4"}}
        assert desk.client.post(f"/api/v1/ballots/{late}", json=sent, headers=headers).status_code == 409
    assert city.elements("city.leader2") == []
    [unit] = city.form("office.reviewer", "check_results")["units"]
    assert unit["remark"] == "有效打分不够，不计分"
    city.complete("office.reviewer", "check_results", outcome="approve")
    assert city.scalar("select count(*) from score") == 0


def test_after_the_closing_no_mark_can_be_found_by_its_paper(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    city = sqlite_city
    begin(city, {login: [UNIT] for login in logins()[:5]})
    with site(city, tmp_path) as desk:
        for login in logins()[:4]:
            vote(desk, login, {UNIT: "4"})
        before = {row["key"] for row in city.rows("select key from ballot")}
        vote(desk, logins()[4], {UNIT: "4"})
        city.engine.drain()
    after = {row["key"] for row in city.rows("select key from ballot")}
    assert len(after) == 5
    assert not before & after
    whole = b"".join(
        path.read_bytes() for path in Path(str(city.engine.database.url.database)).parent.glob("test.db*")
    )
    assert [key for key in before if key.encode() in whole] == []
