"""Who sees which part of a decomposition, on pages and through the REST interface."""

from typing import Any

import pytest
from sqlalchemy import event

from processes.decomposition.showing import progress_of, responsible_of, trees_of
from processes.planning.versions import Occasion, add_version
from tests.decomposition.conftest import Browse
from tests.decomposition.test_objections import at_divisions, given_to, saying
from tests.decomposition.town import Town

AIR, WATER = "u39.division2", "u39.division3"


@pytest.fixture
def halfway(town: Town) -> Town:
    """大气环境处 carries all four targets and has given them to a clerk, who objects."""
    at_divisions(town)
    town.do(AIR, "accept_share", given_to(town, "clerk1"))
    town.do("clerk1", "confirm_duties", saying("人手不够"), outcome="object")
    return town


def read(browse: Browse, login: str, path: str, **query: str) -> Any:
    """What a REST call answers."""
    answer = browse(login).get(f"/api/v1{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def unit_id(town: Town) -> str:
    """市环保局."""
    return str(town.city.scalar("select id from unit where code = 'U39'"))


def test_the_unit_sees_its_tree_and_each_division_its_own_branch(halfway: Town, browse: Browse) -> None:
    unit, air, water = unit_id(halfway), halfway.division("大气环境处"), halfway.division("水环境处")
    trees = read(browse, "u39.head", f"/units/{unit}/decomposition")["items"]
    assert [(tree["label"].split()[0], tree["state"]) for tree in trees] == [
        (code, "asked") for code in ("KPI08", "KPI09", "KPI10", "ST08")
    ]
    [share] = trees[0]["shares"]
    assert (share["holder"], share["verdict"], share["weight"]) == ("大气环境处", "accepted", "100")
    assert [(duty["holder"], duty["verdict"], duty["reason"]) for duty in share["duties"]] == [
        ("办事员1", "objected", "人手不够")
    ]
    assert len(read(browse, AIR, f"/units/{air}/decomposition")["items"]) == 4
    assert read(browse, WATER, f"/units/{water}/decomposition")["items"] == []
    page = browse("u39.head").get(f"/units/{unit}/decomposition").text
    assert page.count("有异议：人手不够") == 4


def test_strangers_do_not_see_a_units_tree(halfway: Town, browse: Browse) -> None:
    unit, air = unit_id(halfway), halfway.division("大气环境处")
    for login, at in (("u20.head", unit), (WATER, air), (AIR, unit), ("admin.system", unit)):
        visitor = browse(login)
        assert visitor.get(f"/units/{at}/decomposition").status_code == 404, login
        assert visitor.get(f"/api/v1/units/{at}/decomposition").status_code == 404, login
    assert browse("u39.head").get("/units/nobody/decomposition").status_code == 404
    assert browse("u39.head").get(f"/units/{unit}/decomposition?cycle=none").status_code == 404


def test_a_person_reads_the_own_duties_and_nobody_elses(halfway: Town, browse: Browse) -> None:
    mine = read(browse, "clerk1", "/me/duties")["items"]
    assert [(row["target"].split()[0], row["division"], row["year"]) for row in mine] == [
        (code, "大气环境处", 2018) for code in ("KPI08", "KPI09", "KPI10", "ST08")
    ]
    assert read(browse, "clerk2", "/me/duties")["items"] == []
    assert "没有落实到您的指标" in browse("clerk2").get("/duties").text
    assert browse("clerk1").get("/duties").text.count("有异议") == 4


def test_what_is_given_to_somebody_else_leaves_the_own_duties(halfway: Town, browse: Browse) -> None:
    halfway.do(AIR, "reassign", given_to(halfway, "clerk2"))
    halfway.do("clerk2", "confirm_duties", outcome="accept")
    assert read(browse, "clerk1", "/me/duties")["items"] == []
    assert {row["verdict"] for row in read(browse, "clerk2", "/me/duties")["items"]} == {"accepted"}
    trees = read(browse, "u39.head", f"/units/{unit_id(halfway)}/decomposition")["items"]
    assert {tree["state"] for tree in trees} == {"settled"}


def test_a_duty_of_an_older_version_says_so_until_it_is_broken_down_anew(
    halfway: Town, browse: Browse
) -> None:
    with halfway.city.engine.database.write() as connection:
        occasion = Occasion("杭政函〔2018〕12号", halfway.clock.now())
        number = add_version(connection, halfway.target_id("U39", "KPI09"), occasion)
    halfway.change("U39", "KPI09", version=number)
    mine = read(browse, "clerk1", "/me/duties")["items"]
    assert {row["target"].split()[0]: row["current"] for row in mine} == {
        "KPI08": True, "KPI09": False, "KPI10": True, "ST08": True
    }  # fmt: skip


def test_the_office_sees_how_far_the_units_are(halfway: Town, browse: Browse) -> None:
    cycle = halfway.city.cycle.id
    units = {
        row["code"]: row for row in read(browse, "office.staff", f"/cycles/{cycle}/decomposition")["items"]
    }
    told = ("targets", "broken", "settled", "people", "duties", "confirmed", "objections")
    assert [units["U39"][name] for name in told] == [4, 4, 0, 1, 4, 0, 4]
    assert [units["U20"][name] for name in told[1:]] == [0] * 6
    halfway.do("u20.liaison", "break_down", lambda d: {**d, "reason": "人少"}, outcome="none")
    page = browse("office.staff").get("/office/decomposition").text
    assert "项：人少" in page
    for login in ("u39.head", "clerk1", "admin.system"):
        assert browse(login).get("/office/decomposition").status_code == 403, login
        assert browse(login).get(f"/api/v1/cycles/{cycle}/decomposition").status_code == 403, login


def test_the_list_of_all_units_costs_as_many_statements_as_the_tree_of_one(halfway: Town) -> None:
    """Two units or two hundred: targets, decompositions and answers are read once each."""
    cycle, unit = halfway.city.cycle.id, unit_id(halfway)
    with halfway.city.engine.database.read() as connection:
        counted: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *given: counted.append(given[2]))
        trees_of(connection, cycle_id=cycle, unit_id=unit)
        one = len(counted)
        progress_of(connection, cycle)
    assert len(counted) - one == one + 1, counted  # the units' names


def test_the_card_of_a_unit_names_who_answers_for_each_target(halfway: Town, browse: Browse) -> None:
    cycle, unit = halfway.city.cycle.id, unit_id(halfway)
    with halfway.city.engine.database.read() as connection:
        told = responsible_of(connection, cycle_id=cycle, unit_id=unit)
    assert {label.split()[0]: who for label, who in told.items()} == dict.fromkeys(
        ("KPI08", "KPI09", "KPI10", "ST08"), "大气环境处 办事员1"
    )
    page = browse("u39.head").get(f"/units/{unit}/progress?cycle={cycle}&period=2018-03")
    assert page.status_code == 200
    assert "责任人 大气环境处 办事员1" in page.text


def test_a_task_leads_only_to_pages_that_its_reader_may_open(town: Town, browse: Browse) -> None:
    """A clerk's task offered the unit's targets, and the page answered 404."""
    at_divisions(town)
    town.do(AIR, "accept_share", given_to(town, "clerk1"))
    link = f'href="/units/{unit_id(town)}/targets"'
    mine = browse("clerk1").get(f"/tasks/{town.item('clerk1', 'confirm_duties').item_id}")
    theirs = browse("u20.liaison").get(f"/tasks/{town.item('u20.liaison', 'break_down').item_id}")
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert link not in mine.text
    other = town.city.scalar("select id from unit where code = 'U20'")
    assert f'href="/units/{other}/targets"' in theirs.text
