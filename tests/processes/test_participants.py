"""Who plans: only units that exist on the planning day; who is left out, and why, is told."""

from datetime import UTC, date, datetime

import pytest

from engine.people.units import change_unit, end_unit
from processes.cycle.opening import open_cycle
from processes.cycle.profile import load_profile
from processes.planning import queries
from processes.planning.participants import left_out, participants, planning_day
from processes.planning.services import bring_targets
from tests.processes.city import City

TOURISM, CULTURE, AIR = "市旅委", "市文广新闻出版局(市版权局)", "市环保局"


@pytest.fixture
def merged(city: City) -> City:
    """市旅委 ended with January, 市文广新闻出版局(市版权局) takes its place; 市农办 is founded in June."""
    units = city.demo.units
    with city.engine.database.write() as connection:
        end_unit(connection, units[TOURISM], until_on=date(2018, 1, 31), successor_id=units[CULTURE])
        change_unit(connection, units["市农办"], valid_from_on=date(2018, 6, 1))
    return city


def test_a_merged_unit_and_one_that_begins_later_do_not_plan(merged: City) -> None:
    city = merged
    code = {
        name: city.scalar("select code from unit where name = :n", n=name) for name in (TOURISM, "市农办")
    }
    city.start("U39", *code.values())
    plans = city.rows("select subject_name from instance where process_key = 'unit_targets'")
    assert [row["subject_name"] for row in plans] == [AIR]
    with city.engine.database.read() as connection:
        told = {row["name"]: row for row in queries.office_overview(connection, city.cycle.id)}
        shown = {unit["name"] for unit in queries.consulted_targets(connection, city.cycle.id)}
    assert (told[TOURISM]["state_text"], told[AIR]["why"]) == ("不参加", "")
    reason = "存续到 2018-01-31 为止，由市文广新闻出版局(市版权局)承继；"
    assert told[TOURISM]["why"].startswith(reason) and "KPI24" in told[TOURISM]["why"]
    assert told["市农办"]["why"].startswith("2018-06-01 才成立")
    assert AIR in shown and not shown & {TOURISM, "市农办"}


def test_what_a_merged_unit_should_have_had_is_not_opened_for_it_nor_for_its_successor(merged: City) -> None:
    at, profile = datetime(2019, 1, 2, 1, 0, tzinfo=UTC), load_profile("hangzhou_13fyp")
    units = merged.demo.units
    with merged.engine.database.write() as connection:
        cycle = open_cycle(connection, profile, assessor_id=merged.demo.assessor_id, year=2019, at=at)
        bring_targets(connection, cycle, at=at, on=date(2019, 1, 2))
        planning = participants(
            connection, cycle_id=cycle, assessor_id=merged.demo.assessor_id, on=date(2019, 1, 2)
        )
        absent = left_out(connection, cycle, today=date(2019, 1, 2))
        codes = {
            name: [one.target.row["code"] for one in found]
            for name in (TOURISM, CULTURE, "市农办")
            for found in [queries.unit_year(connection, cycle_id=cycle, unit_id=units[name])]
        }
    names = {unit["name"] for unit in planning}
    assert TOURISM not in names and {CULTURE, "市农办", AIR} <= names
    assert [unit.name for unit in absent] == [TOURISM]
    assert "KPI24" in absent[0].targets
    assert codes[TOURISM] == []
    assert "KPI24" not in codes[CULTURE]


def test_a_unit_has_to_exist_in_the_year_that_is_planned() -> None:
    """Planning may begin in December; then the first day of the year counts."""
    assert planning_day(2019, date(2018, 12, 20)) == date(2019, 1, 1)
    assert planning_day(2019, date(2019, 2, 1)) == date(2019, 2, 1)
    assert planning_day(2019, date(2020, 1, 5)) == date(2019, 12, 31)
