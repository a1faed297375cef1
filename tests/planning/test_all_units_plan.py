"""目标制定 of a whole city: every unit through REST, from arrival to the document and its number."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.planning.city import City
from tests.planning.story import (
    bodies_decide_and_refuse,
    everybody_collates,
    history_is_complete,
    joint_review_goes_round_again,
    leaders_sign,
    nothing_is_left_open,
    objections_are_decided,
    the_document_is_issued,
    the_office_reviews,
    the_public_is_heard,
)

SUPPORTING = {"市钱江新城管委会(市拥江办)", "第19届亚运会组委会办公室", "市轨道办"}
"""Supporting bodies that lead a special target."""


@dataclass(frozen=True)
class Remarks:
    """Which units do not pass at once, and why: at the office, in the joint review, in the government."""

    returned: Mapping[str, str]
    again: Mapping[str, str]
    refused: Mapping[str, str]


MANY = Remarks(
    {"市财政局": "举措太笼统", "市教育局": "责任人请具体到人", "西湖区": "节点应分到季度"},
    {"市旅委": "缺少法规依据", "市交通运输局": "与上位规划不一致"},
    {"市环保局": "目标偏低", "余杭区": "与市里要求不一致"},
)
FEW = Remarks({"市旅委": "举措太笼统"}, {"市旅委": "缺少法规依据"}, {"市环保局": "目标偏低"})


@pytest.mark.parametrize(
    "home", ["sqlite", pytest.param("postgresql", marks=pytest.mark.proof)], indirect=True
)
def test_every_unit_plans_its_year_and_is_issued_exactly_once(city: City) -> None:
    names = planning_units(city)
    the_year_is_planned(city, names, MANY)
    the_citys_targets_are_all_there(city, names)


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_on_postgresql_three_units_go_the_same_way(small_city: City) -> None:
    names = {"市发改委": "u13", "市旅委": "u20", "市环保局": "u39"}
    the_year_is_planned(small_city, names, FEW)


def the_year_is_planned(city: City, names: dict[str, str], remarks: Remarks) -> None:
    everybody_collates(city, names)
    objections_are_decided(city)
    leaders_sign(city, names)
    the_office_reviews(city, names, remarks.returned)
    joint_review_goes_round_again(city, names, remarks.again)
    the_public_is_heard(city)
    bodies_decide_and_refuse(city, names, remarks.refused)
    the_document_is_issued(city, names)
    everything_is_issued_once(city, names, remarks)
    nothing_is_left_open(city)
    history_is_complete(city)


def planning_units(city: City) -> dict[str, str]:
    """Every unit that has to plan, by name: the log-in code. 58 assessed ones, and who leads a target."""
    staff = city.desk("office.staff")
    units = staff.read("/units")["items"]
    planning = {
        unit["name"]: unit["code"].lower() for unit in units if unit["assessed"] or unit["name"] in SUPPORTING
    }
    assert sum(unit["assessed"] for unit in units) == 58
    assert set(planning) > SUPPORTING
    root = city.scalar("select id from instance where process_key = 'plan_setting'")
    started = city.rows("select subject_name from instance where parent_id = :root", root=root)
    assert Counter(row["subject_name"] for row in started) == Counter(planning.keys())
    return planning


def everything_is_issued_once(city: City, names: dict[str, str], remarks: Remarks) -> None:
    """States, versions, document, publication and notices: each once, for every unit."""
    cycle = city.cycle_id(2018)
    plans = city.rows(
        "select u.name, p.state, p.round from unit_plan p join unit u on u.id = p.unit_id "
        "where p.cycle_id = :cycle",
        cycle=cycle,
    )
    plans = [row for row in plans if row["name"] in names]
    assert {row["name"]: row["state"] for row in plans} == dict.fromkeys(names, "issued")
    rounds = dict.fromkeys(names, 1) | dict.fromkeys(remarks.again, 2) | dict.fromkeys(remarks.refused, 3)
    assert {row["name"]: row["round"] for row in plans} == rounds
    targets = city.rows(
        "select u.name, t.code, t.kind, t.state, t.locked, "
        "(select v.basis from target_version v where v.target_id = t.id order by v.number desc limit 1) "
        "as basis, (select count(*) from target_version v where v.target_id = t.id "
        "and v.basis = (select number from document where cycle_id = t.cycle_id)) as issues "
        "from target t join unit u on u.id = t.unit_id where t.cycle_id = :cycle",
        cycle=cycle,
    )
    targets = [row for row in targets if row["name"] in names]
    assert {row["state"] for row in targets} == {"issued"}
    number = city.scalar("select number from document where cycle_id = :cycle", cycle=cycle)
    assert {(row["basis"], row["issues"]) for row in targets} == {(number, 1)}
    corrected = city.rows(
        "select u.name, v.code from target_version v join unit u on u.id = v.unit_id "
        "where v.basis = '异议核定' and v.cycle_id = :cycle",
        cycle=cycle,
    )
    assert [(row["name"], row["code"]) for row in corrected] == [("市环保局", "KPI09")]
    assert city.scalar("select count(*) from document where cycle_id = :cycle", cycle=cycle) == 1
    issued = "select count(*) from publication where kind = 'targets' and cycle_id = :cycle"
    assert city.scalar(issued, cycle=cycle) == 1
    assert city.scalar("select count(*) from audit_entry where act = 'service:issue'") == 1
    told = city.rows(
        "select u.name, n.post_key from notification n join unit u on u.id = n.unit_id "
        "where n.kind = 'planning.issued'"
    )
    assert Counter((row["name"], row["post_key"]) for row in told) == Counter(
        (name, post) for name in names for post in ("liaison", "head")
    )


def the_citys_targets_are_all_there(city: City, names: dict[str, str]) -> None:
    """Nobody else has a plan or a target; indicators and special targets of the city are complete."""
    plans = city.rows(
        "select u.name from unit_plan p join unit u on u.id = p.unit_id where p.cycle_id = :cycle",
        cycle=city.cycle_id(2018),
    )
    assert sorted(row["name"] for row in plans) == sorted(names)
    targets = city.rows(
        "select u.name, t.code, t.kind from target t join unit u on u.id = t.unit_id "
        "where t.cycle_id = :cycle",
        cycle=city.cycle_id(2018),
    )
    assert {row["name"] for row in targets} <= set(names)
    assert sum(row["kind"] == "kpi" for row in targets) >= 25
    assert len({row["code"] for row in targets if row["kind"] == "special"}) == 12
