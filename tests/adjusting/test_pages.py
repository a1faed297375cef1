"""Pages and REST of changes: buttons for who may ask, a story for who may see, refusals for all others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adjusting.city import AIR, lay_whole, open_whole
from tests.adjusting.test_challenges import GOOD
from tests.databases import Filling, Templates, require
from tests.planning.city import City

PM = "KPI08"


@pytest.fixture
def town(templates: Templates, tmp_path: Path) -> Iterator[City]:
    """The city of May 2017 behind its application."""
    require("sqlite")
    filling = Filling("changing-town", lay_whole)
    with templates.copy("sqlite", tmp_path, filling=filling) as url:
        opened = open_whole(url, tmp_path / "data")
        with opened.client:
            yield opened
        opened.engine.database.close()


def page(town: City, login: str, path: str) -> str:
    """A page that is there."""
    answer = town.client.get(path, headers={**town.desk(login).headers, "accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def status(town: City, login: str, path: str) -> int:
    """What a page answers."""
    return int(town.client.get(path, headers=town.desk(login).headers).status_code)


def target(town: City) -> str:
    return str(
        town.scalar(
            "select t.id from target t join unit u on u.id = t.unit_id "
            "where u.name = :unit and t.code = :code and t.cycle_id = :cycle",
            unit=AIR,
            code=PM,
            cycle=town.cycle_id(2017),
        )
    )


def test_the_unit_declares_on_its_page_and_follows_the_case(town: City) -> None:
    mine = f"/units/{town.unit_id(AIR)}/targets?cycle={town.cycle_id(2017)}"
    action = f'action="/targets/{target(town)}/challenge"'
    assert action in page(town, "u39.liaison", mine)
    assert action not in page(town, "office.staff", mine), "the office does not declare for a unit"
    assert f'action="/targets/{target(town)}/adjust"' in page(town, "office.staff", mine)
    assert "/challenge" not in page(town, "supervision", mine)
    liaison = town.desk("u39.liaison")
    answer = town.client.post(f"/targets/{target(town)}/challenge", headers=liaison.headers)
    assert answer.status_code == 303, answer.text
    town.settle()
    case = answer.headers["location"]
    assert "填写中" in page(town, "u39.liaison", case)
    assert action not in page(town, "u39.liaison", mine)
    task = liaison.item("declare")
    assert "PM2.5" in task["title"] or PM in task["title"]
    shown = page(town, "u39.liaison", f"/tasks/{task['id']}")
    assert "同类城市前 3 位或进位大于 3 位；同时纵向比自身历史最佳增长不低于 10%" in shown
    liaison.complete("declare", change=lambda data: {**data, **GOOD})
    assert "挑战值 45μg/m³" in page(town, "office.staff", case)
    assert "细颗粒物" in page(town, "office.staff", f"/changes?cycle={town.cycle_id(2017)}")


def test_who_may_not_is_refused(town: City) -> None:
    place = f"/targets/{target(town)}"
    assert town.desk("u13.liaison").post(f"{place}/challenge", {}).status_code == 404
    assert town.desk("office.staff").post(f"{place}/challenge", {}).status_code == 403
    assert town.desk("supervision").post(f"{place}/adjust", {}).status_code == 403
    begun = town.desk("u39.head").post(f"{place}/adjust", {})
    assert begun.status_code == 202, begun.text
    town.settle()
    case = begun.json()["id"]
    again = town.desk("office.staff").post(f"{place}/adjust", {})
    assert (again.status_code, "正在办理" in again.json()["title"]) == (409, True)
    assert town.desk("u13.liaison").get(f"/changes/{case}").status_code == 404
    assert status(town, "u13.liaison", f"/changes/{case}") == 404
    assert status(town, "u13.liaison", "/changes") == 403
    refused = town.desk("supervision").post(f"/changes/{case}/withdraw", {"reason": "不必"})
    assert refused.status_code == 403
    assert town.desk("u39.liaison").post(f"/changes/{case}/withdraw", {"reason": " "}).status_code == 422
    assigned = town.desk("office.staff").post(
        f"{place}/assign", {"figures": {"x": "1"}, "document": "浙发改〔2017〕1 号"}
    )
    assert (assigned.status_code, assigned.json()["code"]) == (409, "adjusting")
    assert (
        town.desk("u39.liaison").post(f"/changes/{case}/withdraw", {"reason": "另行研究"}).status_code == 200
    )
    town.settle()
    story = town.desk("u39.liaison").read(f"/changes/{case}")
    assert (story["state"], story["acts"][-1]["text"]) == ("withdrawn", "另行研究")
    listed = town.desk("u39.liaison").read(f"/units/{town.unit_id(AIR)}/changes", cycle=town.cycle_id(2017))
    assert [(row["id"], row["running"]) for row in listed["items"]] == [(case, False)]
    assert town.desk("u13.liaison").get(f"/units/{town.unit_id(AIR)}/changes").status_code == 404
    late = town.desk("u39.liaison").post(f"/changes/{case}/withdraw", {"reason": "另行研究"})
    assert late.status_code == 409


def test_the_office_begins_the_selection_when_there_is_something_to_choose(town: City) -> None:
    cycle = town.cycle_id(2017)
    office = town.desk("office.staff")
    none_yet = office.post(f"/cycles/{cycle}/challenge-selection", {})
    assert (none_yet.status_code, "没有可以选取的" in none_yet.json()["title"]) == (409, True)
    assert town.desk("u39.liaison").post(f"/cycles/{cycle}/challenge-selection", {}).status_code in (403, 404)
    town.desk("u39.liaison").post(f"/targets/{target(town)}/challenge", {})
    town.settle()
    town.desk("u39.liaison").complete("declare", change=lambda data: {**data, **GOOD})
    town.desk("u39.head").complete("sign_challenge", outcome="approve")
    statistics = town.desk("data.statistics")
    statistics.complete(
        "verify_benchmarks", outcome="approve", change=lambda data: {**data, "finding": "一致"}
    )
    town.desk("office.reviewer").complete("review_challenge", outcome="approve")
    town.settle()
    year = office.read(f"/cycles/{cycle}/changes")
    assert [(row["value"], row["is_key"]) for row in year["challenges"]] == [("45μg/m³", False)]
    assert [row["state"] for row in year["items"]] == ["accepted"]
    assert "计入考核的挑战指标" in page(town, "office.staff", f"/changes?cycle={cycle}")
    answer = town.client.post(f"/changes/cycles/{cycle}/selection", headers=office.headers)
    assert answer.status_code == 303
    town.settle()
    assert office.waiting() == ["propose_keys"]
