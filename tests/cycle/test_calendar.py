"""The year's first task: its dates are looked through, checked against one another, and hold from then on."""

from datetime import date

import pytest

from processes.cycle.profile import bundled_profiles, load_profile
from processes.evaluation.rulebook import bundled
from tests.cycle.beginning import begin, begin_for, calendar, confirm, started, year_of
from tests.planning.city import City

SQLITE = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
RULES = ("cycle/calendar_check.dmn",)


def problems(profile: str, year: int, **changes: date) -> dict[str, str]:
    """What D says about a profile's dates of a year with changes: by the date's name."""
    entries = load_profile(profile).calendar_of(year)
    dates = {name: date.fromisoformat(entry["on"]) for name, entry in entries.items()} | changes
    labels = {name: entry["label"] for name, entry in entries.items()}
    found = bundled(RULES).decide("calendar_check", {"dates": dates, "labels": labels, "year": year}).value
    assert isinstance(found, list)
    return {one["date"]: one["problem"] for one in found}


@pytest.mark.parametrize("profile", bundled_profiles())
def test_the_dates_of_every_scheme_agree(profile: str) -> None:
    for year in load_profile(profile).content["years"]:
        assert problems(profile, year) == {}


def test_dates_that_contradict_each_other_are_named_with_both_days() -> None:
    found = problems(
        "hangzhou_13fyp",
        2018,
        plan_report_due=date(2018, 1, 20),
        data_lock=date(2018, 11, 30),
        innovation_closing=date(2018, 2, 1),
    )
    assert found == {
        "plan_report_due": "“单位报送年度目标截止”（2018-01-20）不能早于“布置年度目标制定”（2018-02-01）",
        "data_lock": "“数据锁定”（2018-11-30）不能早于“年终检查开始”（2018-12-01）",
        "innovation_closing": "“创新创优项目结题”（2018-02-01）不能早于“创新创优开始”（2018-03-01）",
    }


def test_dates_outside_the_year_are_named() -> None:
    found = problems(
        "hangzhou_13fyp",
        2018,
        plan_opens=date(2017, 12, 31),
        year_end_checks=date(2019, 1, 2),
        annual_report_due=date(2020, 1, 1),
    )
    assert found["plan_opens"] == "“布置年度目标制定”（2017-12-31）不能早于2018 年 1 月 1 日"
    assert found["year_end_checks"] == "“年终检查开始”（2019-01-02）不能晚于2018 年 12 月 31 日"
    assert found["annual_report_due"] == "“上报年度报告”（2020-01-01）不能晚于次年年底"


def test_a_scheme_without_innovation_is_not_asked_for_its_dates() -> None:
    assert "innovation_opens" not in load_profile("zhangjiajie_2009").calendar_of(2009)
    assert problems("zhangjiajie_2009", 2009, data_lock=date(2009, 1, 1)).keys() == {"data_lock"}


@SQLITE
def test_a_wrong_date_is_refused_beside_its_field_and_nothing_is_kept(city: City) -> None:
    begin(city)
    staff = city.desk("office.staff")
    task = staff.task("confirm_calendar")
    fields = calendar(city, data_lock="2018-11-30")
    row = next(index for index, one in enumerate(fields["dates"]) if one["id"] == "data_lock")
    answer = staff.attempt(task["id"], "complete", {"version": task["version"], "fields": fields})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (f"dates.{row}.on", "order")
    assert "不能早于“年终检查开始”（2018-12-01）" in error["message"]
    assert year_of(city)["confirmed"] is False
    assert started(city) == []


@SQLITE
def test_a_year_without_a_month_to_monitor_is_refused(city: City) -> None:
    begin(city)
    staff = city.desk("office.staff")
    task = staff.task("confirm_calendar")
    said = {"version": task["version"], "fields": calendar(city, months=[])}
    answer = staff.attempt(task["id"], "complete", said)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["months"]


def test_the_dates_that_were_confirmed_are_the_year_s_and_the_stages_begin_by_them(city: City) -> None:
    begin_for(city, "U39")
    confirm(city, plan_opens="2018-01-15", months=["11", "12"])
    stored = city.rows("select calendar from cycle where year = 2018")[0]["calendar"]
    assert "2018-01-15" in str(stored)
    year = year_of(city)
    assert year["by_id"]["plan_targets"]["planned_from"] == "2018-01-15"
    assert [month["period"] for month in year["by_id"]["monitor_months"]["months"]] == ["2018-11", "2018-12"]
    city.at(date(2018, 1, 14), hour=23)
    assert started(city) == []
    city.at(date(2018, 1, 15), hour=0)
    assert started(city) == ["plan_setting"]
    assert city.desk("u39.liaison").waiting() == ["assign_divisions"]
