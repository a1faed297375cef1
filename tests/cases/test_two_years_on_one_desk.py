"""2019-01-20: 市环保局 enters PM2.5 of 2018 while its targets of 2019 are set; 2018 waits for its lock."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.cases.city import page
from tests.databases import Filling, Templates
from tests.evaluation.city import City as Turn
from tests.evaluation.city import lay_city, open_city
from tests.evaluation.grading.work import check, start
from tests.planning.city import City, settings_for
from tests.planning.unit_work import assign

PM = "细颗粒物(PM2.5)年均浓度"
LIAISON = "u39.liaison"
Both = tuple[City, Turn]
pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""What the databases do with figures and targets is told on both in their own folders."""


@pytest.fixture
def turn_of_2018(home: str, templates: Templates, tmp_path: Path) -> Iterator[Both]:
    """4 January 2019, both years on one clock: as REST sees it, and in words for the steps before."""
    with templates.copy(home, tmp_path, filling=Filling("turn-of-the-year", lay_city)) as url:
        turn = open_city(url)
        app = create_app(settings_for(url, tmp_path / "data"), turn.engine)
        with TestClient(app, follow_redirects=False) as client:
            yield City(turn.engine, turn.clock, client), turn
        turn.engine.database.close()


def begin(both: Both) -> None:
    """Both years run; on 20 January the unit's own report of 2018 has been signed."""
    city, turn = both
    for process in ("data_collection", "target_assessment"):
        turn.begin(process, "U39")
    turn.engine.start("plan_setting", cycle=turn.cycle, variables={"unitCodes": ["U39"]})
    city.settle()
    turn.self_assess("u39")
    city.at(date(2019, 1, 20))


def enter(city: City, value: str) -> None:
    """PM2.5 as measured; the other figures are not there yet."""
    desk = city.desk(LIAISON)
    rows = [
        {**row, "value": value, "none": False}
        if row["name"] == PM
        else {**row, "value": None, "none": True, "note": "本年未统计"}
        for row in desk.task("enter_data")["form"]["data"]["rows"]
    ]
    desk.complete("enter_data", fields={"rows": rows})
    city.settle()


def recognise(city: City) -> None:
    """The head checks, the office verifies, the statisticians recognise."""
    city.desk("u39.head").complete("check_data", outcome="approve")
    city.settle()
    reviewer = city.desk("office.reviewer")
    task = reviewer.task("verify_data")
    rows = [{**row, "result": "equal"} for row in task["form"]["data"]["rows"]]
    reviewer.act("complete", task, outcome="pass", fields={**task["form"]["data"], "rows": rows})
    city.settle()
    city.desk("data.statistics").complete("recognise", outcome="approve")
    city.settle()


def import_all(city: City, cycle: str, *, but: tuple[str, str] = ("", "")) -> None:
    """Every mark of the year comes in a file, but for one (unit, component) that is there already."""
    staff = city.desk("office.staff")
    lines = staff.read(f"/cycles/{cycle}/marks/template")
    columns, units = lines[0], [line[0] for line in lines[1:]]
    given = {"单位": "", "依据": "市考评办汇总", "创新加分": "", "市领导考评": "4.5", "领导考评": "4.5"}
    text = ",".join(columns) + "\n"
    for unit in units:
        cells = [unit if one == "单位" else given.get(one, "90") for one in columns]
        text += ",".join("" if (unit, one) == but else cell for one, cell in zip(columns, cells, strict=True))
        text += "\n"
    answer = city.client.post(
        f"/api/v1/cycles/{cycle}/marks",
        files={"file": ("分项.csv", BytesIO(text.encode()), "text/csv")},
        headers=staff.headers,
    )
    assert answer.status_code == 200, answer.text


def test_two_tasks_labelled_with_their_years_and_the_achievement_exactly(turn_of_2018: Both) -> None:
    city, _turn = turn_of_2018
    begin(turn_of_2018)
    waiting = {(row["element"], row["year"]) for row in city.desk(LIAISON).items()}
    assert waiting == {("enter_data", 2018), ("assign_divisions", 2019)}
    shown = page(city, LIAISON, "/inbox")
    for row in city.desk(LIAISON).items():
        line = next(part for part in shown.split("<tr") if row["id"] in part)
        assert str(row["year"]) in line, "each task says of which year it is"
    enter(city, "52")
    assign(city, "u39")
    city.settle()
    waiting = {(row["element"], row["year"]) for row in city.desk("u39.division").items()}
    assert waiting == {("fill_targets", 2019)}, "planning of 2019 goes on beside it"
    recognise(city)
    city.at(date(2019, 1, 31), hour=23)
    assert city.scalar("select count(*) from target_result") == 0
    assert city.desk("assess.group").waiting() == []
    city.at(date(2019, 2, 1))
    [found] = city.rows("select achievement from target_result where way = 'auto'")
    assert Decimal(str(found["achievement"])).quantize(Decimal("0.0001")) == Decimal("0.9423")
    [row] = city.desk("assess.group").task("group_scores")["form"]["data"]["checks"]
    assert PM in row["title"]
    assert city.scalar("select count(*) from incident") == 0


def test_2018_is_not_graded_before_its_data_lock(turn_of_2018: Both) -> None:
    city, _turn = turn_of_2018
    city.at(date(2019, 1, 20))
    cycle = city.cycle_id(2018)
    import_all(city, cycle)
    start(city, 2018, "composite_grading")
    assert city.scalar("select count(*) from snapshot") == 0
    assert city.desk("office.staff").waiting() == []
    assert "2019-01-31" in page(city, "office.staff", f"/office/grading?cycle={cycle}")
    city.at(date(2019, 1, 31), hour=23)
    assert city.scalar("select count(*) from snapshot") == 0
    city.at(date(2019, 2, 1), hour=0)
    assert city.scalar("select count(*) from snapshot") == 1
    check(city)
    assert city.desk("committee.secretary").waiting() == ["committee_deliberates"]
