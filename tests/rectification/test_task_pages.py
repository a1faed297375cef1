"""Every task of rectification opens as a page, and a page's own form does the work without scripts."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from engine.work.inbox import InboxRow
from tests.rectification.conftest import Browse
from tests.rectification.test_key_issue import UNIT, counted, dispatched, one_round
from tests.rectification.test_one_by_one import dispatch, say
from tests.rectification.town import Town

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


class Looking(Town):
    """A town whose people look at the page of each task before they do it."""

    browsers: dict[str, TestClient]
    seen: set[str]

    def take(self, login: str, row: InboxRow, **said: Any) -> None:
        page = self.browsers[login].get(f"/tasks/{row.item_id}")
        assert page.status_code == 200, (row.element_id, page.text[:400])
        assert "null" not in page.text.split("<main")[1].split("</main>")[0], row.element_id
        self.seen.add(row.element_id)
        super().take(login, row, **said)


def test_the_tasks_of_a_key_issue_open_as_pages(town: Town, browse: Browse) -> None:
    looking = Looking(town.city)
    people = ("office.staff", "office.reviewer", "survey.staff", UNIT)
    looking.browsers, looking.seen = {login: browse(login) for login in people}, set()
    dispatched(looking)
    looking.do(UNIT, "sign_key", code="HI13", outcome="accept")
    one_round(looking)
    counted(looking, (120, 80, 40, 18, 12), abstained=10)
    assert looking.seen == {
        "merge_opinions", "classify_issues", "sign_key", "fill_plan", "review_plan", "report_progress",
        "declare_done", "check_done", "enter_counts",
    }  # fmt: skip


def test_the_page_of_a_plan_is_filled_in_without_scripts(town: Town, browse: Browse) -> None:
    dispatched(town)
    town.do(UNIT, "sign_key", code="HI13", outcome="accept")
    row, client = town.find(UNIT, "fill_plan", "HI13"), browse(UNIT)
    sent = {
        "version": str(row.lock_version),
        "content": "分类投放",
        "steps": "先试点",
        "leader": "李分管",
        "division": "环卫处",
        "measures": "定时定点",
        "finish_on": "2017-01-01",
    }
    wrong = client.post(f"/tasks/{row.item_id}/complete", data=sent)
    assert wrong.status_code == 422
    assert "承诺完成日期不能早于今天" in wrong.text
    assert "先试点" in wrong.text, "what was typed is kept"
    answer = client.post(f"/tasks/{row.item_id}/complete", data={**sent, "finish_on": "2018-11-30"})
    assert answer.status_code == 303, answer.text[:400]
    town.city.engine.drain()
    assert town.find("office.reviewer", "review_plan", "HI13")


def test_the_tasks_of_a_single_opinion_open_as_pages(town: Town, browse: Browse) -> None:
    looking = Looking(town.city)
    people = ("office.staff", "office.head", "u32.liaison", "u33.liaison", "supervision")
    looking.browsers, looking.seen = {login: browse(login) for login in people}, set()
    citizen, unit = browse(""), {"unit": town.unit_id("市城管委")}
    code = say(citizen, town)
    dispatch(looking, "市建委")
    looking.do("u32.liaison", "sign_opinion", outcome="return", reason="属城管职责")
    looking.do("office.staff", "reassign_issue", **unit, reason="改派城管")
    looking.do("u33.liaison", "sign_opinion", outcome="return", reason="属物业")
    looking.do("office.head", "rule_issue", **unit, reason="清运属城管")
    looking.do("u33.liaison", "handle_opinion", answer="已清运")
    citizen.post("/public/follow/verdict", data={"code": code, "solved": "no", "text": "还是没人来"})
    town.city.engine.drain()
    looking.do("office.staff", "settle_opinion", outcome="close", reason="已现场核实")
    say(citizen, town, kind="complaint")
    looking.do("supervision", "handle_complaint", reply="已核查")
    assert looking.seen == {
        "sort_opinion", "sign_opinion", "reassign_issue", "rule_issue", "handle_opinion", "settle_opinion",
        "handle_complaint",
    }  # fmt: skip
