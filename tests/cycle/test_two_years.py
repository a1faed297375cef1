"""Two years run at once, each by its own calendar: the end of one, the beginning of the next."""

from datetime import date

import pytest

from tests.cases.city import page
from tests.cycle.beginning import YEAR, begin_for, begin_year_for, confirm, year_of
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
LAST = 2017


def test_the_figures_of_one_year_and_the_targets_of_the_next_lie_on_one_desk(city: City) -> None:
    """2017 was planned before there was the year's process: it goes on from there."""
    begin_year_for(city, LAST, "U39")
    begin_for(city, "U39")
    confirm(city, plan_opens="2018-01-15")
    city.at(date(2018, 1, 20))
    liaison = city.desk("u39.liaison")
    waiting = {(row["element"], row["year"]) for row in liaison.items()}
    assert ("enter_data", LAST) in waiting
    assert ("assign_divisions", YEAR) in waiting
    shown = page(city, "u39.liaison", "/inbox")
    for row in liaison.items():
        line = next(part for part in shown.split("<tr") if row["id"] in part)
        assert str(row["year"]) in line, "each task says of which year it is"
    rows = city.rows("select cycle_id, process_key from instance where process_key = 'plan_setting'")
    assert [row["cycle_id"] for row in rows] == [city.cycle_id(YEAR)], "2017 is not planned a second time"
    assert city.scalar("select count(*) from incident") == 0


def test_a_year_begun_after_its_targets_were_issued_goes_on_from_there(city: City) -> None:
    begin_year_for(city, LAST, "U39")
    said = city.desk("office.staff").read(f"/cycles/{city.cycle_id(LAST)}/year")
    stages = {one["id"]: one for one in said["stages"]}
    assert stages["plan_targets"]["state"] == "absent"
    assert {month["state"] for month in stages["monitor_months"]["months"]} == {"skipped"}
    assert stages["collect_data"]["state"] == "running"
    assert stages["assess_targets"]["state"] == "running"
    grading = stages["grade_year"]
    assert (grading["state"], grading["planned_from"]) == ("planned", "2018-03-15")
    assert set(grading["waits_for"]) == {"数据采集", "自评与目标考核", "创新创优", "满意度调查", "领导考评"}
    shown = page(city, "office.staff", f"/office/grading?cycle={city.cycle_id(LAST)}")
    assert "“综合评定”由年度总流程在" in shown
    city.at(date(2018, 2, 5))
    assert city.scalar("select count(*) from instance where process_key = 'composite_grading'") == 0
    assert year_of(city)["instance_id"] is None, "the other year has not begun"
