"""The year's batch: opinions of a survey are merged into issues; what cannot be placed stops the loading."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from engine.ids import new_id
from processes.data import tables
from processes.evaluation.ballots.casting import BOXES, WORDS
from tests.rectification.conftest import Browse
from tests.rectification.town import Town

API = "/api/v1"
pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


def sent_in(town: Town, browse: Browse, *texts: str) -> Any:
    body = {"source": "survey", "batch": "annual", "opinions": [{"text": text} for text in texts]}
    return browse("office.staff").post(f"{API}/cycles/{town.city.cycle.id}/opinions", json=body)


def test_opinions_of_a_survey_become_issues_or_join_one(town: Town, browse: Browse) -> None:
    assert sent_in(town, browse, "公交少", "公交太少", "垃圾分类没人管", "天气不好").json() == {"taken": 4}
    assert browse("office.staff").post(f"/rectification/cycles/{town.city.cycle.id}/start").status_code == 303
    town.city.engine.drain()
    transport = town.unit_id("市交通运输局")
    rows = town.city.form("office.staff", "merge_opinions")["opinions"]
    bus = {"do": "new", "title": "公交班次少", "unit": transport}
    placed = [
        {**rows[0], **bus},
        {**rows[1], **bus},
        {**rows[2], "do": "merge", "issue": town.issue("HI13")["id"]},
        {**rows[3], "do": "decline", "reason": "不是公共事务"},
    ]
    town.do("office.staff", "merge_opinions", opinions=placed)
    assert town.issue("2018-00001")["volume"] == 2
    assert town.issue("HI13")["volume"] == 11
    issues = town.city.form("office.staff", "classify_issues")["issues"]
    assert len(issues) == 25
    town.do("office.staff", "classify_issues", issues=issues)
    assert town.issue("2018-00001")["route"] == "general"
    town.do("u34.liaison", "sign_opinion", code="2018-00001", outcome="accept")
    town.do("u34.liaison", "handle_opinion", code="2018-00001", answer="已加密班次")
    settled = town.find("office.staff", "settle_opinion", "2018-00001")
    assert settled.subject_name == "市交通运输局", "nobody can be asked: the office checks"
    town.do("office.staff", "settle_opinion", code="2018-00001", outcome="close", public=True)
    issue = town.issue("2018-00001")
    page = browse("").get(f"/public/promises/{issue['id']}").text
    assert "已加密班次" in page
    assert "公交太少" not in page, "its words were not released"


def test_tracked_issues_and_topics_wait_on_the_offices_list(town: Town) -> None:
    town.begin()
    town.do("office.staff", "merge_opinions", opinions=[])
    rows = town.city.form("office.staff", "classify_issues")["issues"]
    chosen: dict[str, dict[str, Any]] = {"HI18": {"years_repeated": "3"}, "HI11": {"hearing_topic": True}}
    rows = [{**row, **chosen.get(row["name"][:4], {})} for row in rows]
    town.do("office.staff", "classify_issues", issues=rows)
    assert (town.issue("HI18")["route"], town.issue("HI11")["route"]) == ("tracked", "hearing")
    town.do("office.staff", "follow_tracked", note="列入 2018 年跟踪督办")
    town.do("office.staff", "follow_hearing", note="公述民评主题")
    assert town.issue("HI18")["state"] == town.issue("HI11")["state"] == "listed"


def test_a_lead_unit_that_is_unknown_stops_the_loading_with_its_line(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(tables.rows_of("hot_issues"))
    rows[7] = {**rows[7], "lead_unit": "市轻轨集团"}
    monkeypatch.setattr("processes.rectification.batch_steps.rows_of", lambda _name: rows)
    town.begin()
    assert town.city.scalar("select count(*) from rectification_issue") == 0, "nothing is loaded"
    said = town.city.scalar("select last_error from job where last_error <> ''")
    assert said == "hot_issues.csv 第 9 行：没有名为“市轻轨集团”的单位。请先导入该单位，或加上别名，再继续。"


def test_an_import_is_taken_whole_or_not_at_all(town: Town, browse: Browse) -> None:
    answer = sent_in(town, browse, "公交少", "   ")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "opinions.1.text"
    assert town.city.scalar("select count(*) from opinion") == 0


def test_only_who_organises_the_year_imports_or_starts(town: Town, browse: Browse) -> None:
    liaison = browse("u33.liaison")
    body = {"source": "survey", "batch": "annual", "opinions": [{"text": "公交少"}]}
    assert liaison.post(f"{API}/cycles/{town.city.cycle.id}/opinions", json=body).status_code == 403
    assert liaison.post(f"/rectification/cycles/{town.city.cycle.id}/start").status_code in (403, 404)


def test_an_observers_opinion_is_handled_by_itself(town: Town, browse: Browse) -> None:
    body = {"source": "observer", "opinions": [{"text": "窗口午间无人"}]}
    answer = browse("office.staff").post(f"{API}/cycles/{town.city.cycle.id}/opinions", json=body)
    assert answer.json() == {"taken": 1}
    town.city.engine.drain()
    assert town.city.form("office.staff", "sort_opinion")["text"] == "窗口午间无人"


def test_what_a_closed_survey_brought_comes_into_the_batch_once(town: Town) -> None:
    with town.city.engine.database.write() as connection:
        closed, still_open = new_id(), new_id()
        for box_id, closed_at in ((closed, town.clock.now()), (still_open, None)):
            row = {"id": box_id, "cycle_id": town.city.demo.cycles[2017], "kind": "survey", "salt": "s"}
            connection.execute(insert(BOXES).values(**row, closed_at=closed_at, scrubbed=True))
        for box_id, text in ((closed, "办事要跑三趟"), (still_open, "还没有收完")):
            words = {"id": str(uuid4()), "cycle_id": town.city.demo.cycles[2017], "box_id": box_id}
            connection.execute(insert(WORDS).values(**words, unit_id=None, text=text))
    town.begin()
    rows = town.city.form("office.staff", "merge_opinions")["opinions"]
    assert [row["text"] for row in rows] == ["办事要跑三趟"]
    town.city.engine.start("opinion_batch", cycle=town.city.cycle, variables={"batch": "again"})
    town.city.engine.drain()
    assert town.city.scalar("select count(*) from opinion") == 1


def test_bodies_that_are_not_assessed_lead_their_issues(town: Town, browse: Browse) -> None:
    town.begin()
    town.do("office.staff", "merge_opinions", opinions=[])
    rows = town.city.form("office.staff", "classify_issues")["issues"]
    town.do("office.staff", "classify_issues", issues=rows)
    town.do("s08.liaison", "sign_opinion", code="HI08", outcome="accept")
    assert "HI16" not in browse("s08.liaison").get("/rectification").text
    assert "HI08" in browse("s08.liaison").get("/rectification").text
