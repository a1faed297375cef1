"""The year's targets arrive exactly as the plan's tables and the corrections say."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from engine.people.kinds import KIND_NAMES
from engine.people.units import list_units
from engine.store import Database
from processes.cycle.profile import load_profile
from processes.data.tables import measures_of, rows_of
from processes.demo import Demo, build_demo
from processes.planning import queries
from processes.planning.arrival import Units, UnresolvedUnit, assigned_of
from processes.planning.services import bring_targets
from tests.databases import Templates
from tests.processes.city import BEGIN, City

PERIOD_INCREMENTS = {"KPI05", "KPI07", "KPI15", "KPI20", "KPI23", "KPI25"}
ASSIGNED_LATER_2018 = {"KPI02", "KPI03", "KPI04", "KPI06", "KPI11", "KPI16", "KPI22"}
EVERYBODY = Units(
    find=lambda name: name, groups={"各区、县(市)政府": tuple(f"D{n:02d}" for n in range(1, 14))}
)


@pytest.fixture
def database(city: City) -> Database:
    return city.engine.database


@pytest.fixture
def demo(city: City) -> Demo:
    return city.demo


def test_the_citys_units_are_of_kinds_that_page_and_import_know(database: Database, demo: Demo) -> None:
    with database.read() as connection:
        kinds = Counter(unit.kind for unit in list_units(connection, assessor_id=demo.assessor_id))
    assert set(kinds) <= set(KIND_NAMES)
    assert (kinds["municipal"], kinds["district"], kinds["assessor"]) == (45, 13, 1)


def kpi_of(year: int) -> dict[str, list[str | None]]:
    return {
        one.code: [measure.value for measure in one.measures]
        for one in assigned_of(year, EVERYBODY)
        if one.kind == "kpi"
    }


def test_there_are_25_indicators_and_kpi24_begins_in_2018() -> None:
    assert [len(kpi_of(year)) for year in (2017, 2018, 2019, 2020)] == [24, 25, 25, 25]
    assert "KPI24" not in kpi_of(2017)
    assert kpi_of(2018)["KPI24"] == ["4", "8"]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("KPI02", [None, "1"]),
        ("KPI06", ["5.3", None]),
        ("KPI08", ["49"]),
        ("KPI17", ["60", "30", "40"]),
        ("KPI19", ["1", "5"]),
    ],
)
def test_several_measures_stand_under_one_target(code: str, values: list[str | None]) -> None:
    assert kpi_of(2018)[code] == values


def test_increments_over_the_period_and_later_assignments_are_placeholders() -> None:
    pending = {one.code for one in assigned_of(2018, EVERYBODY) if one.pending}
    assert pending == PERIOD_INCREMENTS | ASSIGNED_LATER_2018


def test_26_cells_wait_for_city_or_province_and_24_for_the_office() -> None:
    waiting = Counter(
        "office" if measure.awaits == "office" else "above"
        for row in rows_of("kpi_annual")
        for measure in measures_of(row["kpi_code"], int(row["year"]))
        if measure.awaits
    )
    assert waiting == {"above": 26, "office": 24}


def test_the_derived_figures_are_those_of_the_printed_table() -> None:
    for row in rows_of("kpi_annual"):
        measures = measures_of(row["kpi_code"], int(row["year"]))
        if row["target_num"] and row["kpi_code"] not in PERIOD_INCREMENTS:
            assert Decimal(row["target_num"]) in [
                Decimal(measure.value) for measure in measures if measure.value
            ], row
        assert ("下达指标" in row["target_text"]) == any(
            measure.awaits in ("city", "province") for measure in measures
        )


def test_thirteen_districts_get_their_own_three_indicators(database: Database, demo: Demo) -> None:
    with database.read() as connection:
        year = queries.unit_year(connection, cycle_id=demo.cycles[2018], unit_id=demo.units["建德市"])
        rows = queries.consulted_targets(connection, demo.cycles[2018])
    assert [one.target.row["code"] for one in year] == ["KPI01", "KPI12", "KPI20"]
    holders = Counter(one.row["code"] for unit in rows for one in unit["targets"])
    assert (holders["KPI01"], holders["KPI12"], holders["KPI20"]) == (13, 13, 13)


def test_responsible_units_are_found_by_alias(database: Database, demo: Demo) -> None:
    with database.read() as connection:
        rows = queries.consulted_targets(connection, demo.cycles[2018])
    holders: dict[str, list[str]] = {}
    for unit in rows:
        for one in unit["targets"]:
            holders.setdefault(one.row["code"], []).append(unit["name"])
    assert holders["KPI25"] == ["市发改委"]
    assert holders["KPI06"] == ["市委人才办", "市人力社保局"]
    assert len(holders["KPI04"]) == 5
    assert holders["ST02"] == ["市钱江新城管委会(市拥江办)"]


def test_supporting_bodies_plan_but_are_never_graded(database: Database, demo: Demo) -> None:
    with database.read() as connection:
        names = {row["name"] for row in queries.office_overview(connection, demo.cycles[2018])}
        graded = connection.exec_driver_sql(
            "select u.name from unit_plan p join unit u on u.id = p.unit_id where not p.graded"
        )
        supporting = {row[0] for row in graded}
    assert len(names) == 61
    assert supporting == {"市钱江新城管委会(市拥江办)", "第19届亚运会组委会办公室", "市轨道办"}


def test_an_unknown_unit_stops_with_its_line() -> None:
    nobody = Units(find=lambda name: None if name == "市金融办" else name, groups=EVERYBODY.groups)
    with pytest.raises(UnresolvedUnit) as stopped:
        assigned_of(2018, nobody)
    assert (stopped.value.file, stopped.value.name) == ("kpi_annual.csv", "市金融办")
    [row] = [row for row in rows_of("kpi_annual") if row["_line"] == str(stopped.value.line)]
    assert (row["kpi_code"], row["year"]) == ("KPI04", "2018")


def test_targets_that_arrived_do_not_arrive_again(database: Database, demo: Demo) -> None:
    with database.write() as connection:
        assert bring_targets(connection, demo.cycles[2018], at=BEGIN) == 0


def test_everybody_can_be_told_apart(templates: Templates, tmp_path: Path) -> None:
    with templates.copy("sqlite", tmp_path) as url, Database(url).write() as connection:
        demo = build_demo(connection, password_hash="")
    assert (
        len({one.login for one in demo.logins}) == len({one.name for one in demo.logins}) == len(demo.logins)
    )
    posts = Counter(one.post for one in demo.logins)
    assert posts["liaison"] == posts["head"] == 58 + 3 + 2 + 1, "assessed, lead targets, lead issues, 统计局"
    assert posts["admin.audit"] == posts["supervision"] == posts["designer"] == 1


def test_a_scheme_without_tables_assigns_nothing_and_needs_no_unit_of_another_city() -> None:
    nobody = Units(find=lambda _name: None, groups={})
    assert assigned_of(2018, nobody, tables=load_profile("zhangjiajie_2009").content["assignedTargets"]) == []
    kpi_alone = assigned_of(2018, EVERYBODY, tables={"kpi": "kpi_annual", "special": None})
    assert {target.kind for target in kpi_alone} == {"kpi"}
