"""Deadlines on pages: yellow and red, and what is said where a year's holidays are not entered yet."""

from datetime import date

from api.deadlines import Reckoning
from engine.people.calendar import confirm_year, seed_calendar, set_day
from engine.people.working_days import WorkingCalendar
from tests.api.conftest import Browse
from tests.api.test_notice_settings import running
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user
from tests.processes.city import City

SAID = "2019 年的放假安排还没有录入，暂只按周末计算工作日。"


@ON_SQLITE
def test_the_task_says_what_its_deadline_does_not_know(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", due='= date("2019-01-31")')))
    world.start()
    assessor = world.units["C0"]
    with world.engine.database.write() as connection:
        seed_calendar(connection, assessor, [2018])
    ling, page = browse("ling"), f"/tasks/{world.item('ling').item_id}"
    assert SAID in running(ling, page)
    with world.engine.database.write() as connection:
        set_day(connection, assessor, date(2019, 1, 1), kind="holiday", name="元旦")
    assert SAID in running(ling, page), "one day is not a year"
    with world.engine.database.write() as connection:
        confirm_year(connection, assessor, 2019)
    said = running(ling, page)
    assert "放假安排" not in said
    assert "2019-01-31 还有" in said


@ON_SQLITE
def test_the_office_is_asked_to_enter_a_year_in_which_tasks_are_due(city: City, visit: Browse) -> None:
    city.start("U20")
    office = visit("office.staff")
    assert "放假安排还没有录入" not in running(office, "/office")
    with city.engine.database.write() as connection:
        connection.exec_driver_sql("delete from calendar_year where year = 2018")
        set_day(connection, city.demo.assessor_id, date(2018, 3, 5), kind=None)
    said = office.get("/office").text
    assert "2018 年的放假安排还没有录入" in said
    assert 'href="/calendar?year=2018"' in said


def test_how_near_a_deadline_turns_yellow_is_a_setting() -> None:
    calendar = WorkingCalendar(known_years=[2018])

    def tones(yellow: int) -> list[str]:
        by = Reckoning(date(2018, 3, 1), calendar, yellow)
        days = (date(2018, 2, 28), *(date(2018, 3, day) for day in (1, 3, 2, 6, 7)))
        return [due.tone for on in days if (due := by.due(on))]

    assert tones(3) == ["late", "soon", "soon", "soon", "soon", "ok"]
    assert tones(1) == ["late", "soon", "soon", "soon", "ok", "ok"]
    assert tones(5)[-1] == "soon"
