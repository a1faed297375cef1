"""The stages of a year begin by the calendar, once each; one that hangs holds up only who needs it."""

from datetime import date

import pytest

from processes.cycle.running import engine_cycle
from tests.cases.city import page
from tests.cycle.beginning import YEAR, begin, begin_for, confirm, started, year_of
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""That timers and calls work on both is told by the calendar's test and by the engine's own."""


def test_a_year_begins_once_and_nobody_but_the_office_begins_it(city: City) -> None:
    path = f"/cycles/{city.cycle_id(YEAR)}/year"
    assert city.desk("u39.liaison").post(path, {}).status_code == 403
    assert city.desk("city.leader").post(path, {}).status_code == 403
    assert started(city) == []
    begin(city)
    assert city.desk("office.staff").waiting() == ["confirm_calendar"]
    again = city.desk("office.staff").post(path, {})
    assert (again.status_code, again.json()["code"]) == (409, "already_started")
    assert city.scalar("select count(*) from instance where process_key = 'annual_cycle'") == 1


def test_stages_begin_on_their_days_and_planning_that_hangs_holds_up_only_who_needs_it(city: City) -> None:
    """市环保局 never reports its targets: nothing is monitored or assessed; the rest of the year goes on."""
    begin_for(city, "U39")
    confirm(city)
    assert started(city) == []
    city.at(date(2018, 2, 1), hour=0)
    assert started(city) == ["plan_setting"]
    city.at(date(2018, 3, 1))
    assert set(started(city)) == {"plan_setting", "innovation_review", "opinion_batch"}
    city.at(date(2018, 6, 30))
    assert "register_mid_term" in city.desk("office.staff").waiting()
    city.at(date(2018, 11, 1))
    city.at(date(2018, 12, 20))
    begun = started(city)
    assert sorted(begun) == sorted(set(begun)), "nothing begins twice"
    assert set(begun) == {
        *("plan_setting", "innovation_review", "opinion_batch", "survey", "leader_evaluation")
    }
    stages = year_of(city)["by_id"]
    assert stages["collect_data"]["state"] == "waiting"
    assert stages["collect_data"]["waits_for"] == ["年度目标制定"]
    assert stages["monitor_months"]["waits_for"] == ["年度目标制定"]
    assert stages["plan_targets"]["overdue"] is True
    assert stages["survey_public"]["state"] == "running"
    assert city.scalar("select count(*) from incident") == 0


def test_what_the_office_began_before_the_year_is_taken_into_it(city: City) -> None:
    with city.engine.database.write() as connection:
        cycle = engine_cycle(connection, city.cycle_id(YEAR))
        by_hand = city.engine.start_in(
            connection, "plan_setting", cycle=cycle, variables={"unitCodes": ["U39"]}
        )
    city.settle()
    annual = begin_for(city, "U39")
    assert year_of(city)["by_id"]["plan_targets"]["by_hand"] is True
    confirm(city)
    city.at(date(2018, 2, 1))
    assert city.scalar("select parent_id from instance where id = :id", id=by_hand) == annual
    assert city.scalar("select count(*) from instance where process_key = 'plan_setting'") == 1
    assert city.scalar("select count(*) from incident") == 0
    assert year_of(city)["by_id"]["plan_targets"]["state"] == "running"


def test_a_stage_may_be_begun_before_its_day_and_the_page_says_that_the_year_holds_it(city: City) -> None:
    begin_for(city, "U39")
    confirm(city)
    cycle = city.cycle_id(YEAR)
    shown = page(city, "office.staff", f"/surveys?cycle={cycle}")
    assert "“满意度调查”由年度总流程在 2018-11-01 自动开始" in shown
    assert "“领导考评”由年度总流程在 2018-12-01 自动开始" in shown
    assert "由年度总流程" not in page(city, "survey.staff", f"/surveys?cycle={cycle}")
    early = city.desk("office.staff").post(f"/cycles/{cycle}/start", {"process": "survey"})
    assert early.status_code == 201
    city.settle()
    assert "“满意度调查”由年度总流程" not in page(city, "office.staff", f"/surveys?cycle={cycle}")
    city.at(date(2018, 11, 2))
    assert city.scalar("select count(*) from instance where process_key = 'survey'") == 1
    assert "survey" in started(city)
    assert city.scalar("select count(*) from incident") == 0


def test_what_the_year_has_begun_cannot_be_begun_by_hand(city: City) -> None:
    begin_for(city, "U39")
    confirm(city)
    city.at(date(2018, 2, 1))
    said = {"process": "plan_setting"}
    answer = city.desk("office.staff").post(f"/cycles/{city.cycle_id(YEAR)}/start", said)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_started")


def test_the_mid_term_paper_is_registered_with_its_number_once(city: City) -> None:
    begin_for(city, "U39")
    confirm(city)
    city.at(date(2018, 7, 2))
    staff = city.desk("office.staff")
    task = staff.task("register_mid_term")
    assert task["form"]["data"]["title"] == "2018 年年中评估报告"
    said = {
        "title": "2018 年年中评估报告",
        "number": "杭考评办〔2018〕20号",
        "issued_on": "2018-07-02",
        "body": "各单位上半年目标进展总体正常，三项滞后。",
    }
    late = staff.attempt(
        task["id"], "complete", {"version": task["version"], "fields": {**said, "issued_on": "2018-07-03"}}
    )
    assert late.status_code == 422, "not dated after today"
    staff.act("complete", task, fields=said)
    [paper] = city.rows("select kind, number, body from document where kind = 'mid_term'")
    assert (paper["number"], paper["body"]) == (said["number"], said["body"])
    city.settle()
    assert year_of(city)["by_id"]["register_mid_term"]["state"] == "done"
