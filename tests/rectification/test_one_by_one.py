"""An opinion of a citizen: said, followed by code, sent back, answered, judged."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.rectification.conftest import Browse
from tests.rectification.town import Town

API = "/api/v1"
SAID = "三墩路口的垃圾房三天没有人清运，住在 12 幢的王先生可以作证。"


def say(client: TestClient, town: Town, **more: str) -> str:
    """Say it by REST; the code."""
    body = {"cycle_id": town.city.cycle.id, "text": SAID, **more}
    answer = client.post(f"{API}/public/opinions", json=body)
    assert answer.status_code == 201, answer.text
    town.city.engine.drain()
    return str(answer.json()["code"])


def follow(client: TestClient, code: str) -> dict[str, Any]:
    answer = client.post(f"{API}/public/opinions/follow", json={"code": code})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def dispatch(town: Town, unit: str = "市城管委", **more: Any) -> None:
    """The office gives it to a unit."""
    fields = {"title": "垃圾房清运不及时", "unit": town.unit_id(unit), "urgency": "general", "volume": "1",
              "years_repeated": "1", **more}  # fmt: skip
    town.do("office.staff", "sort_opinion", outcome="dispatch", **fields)


def test_it_is_answered_and_who_said_it_calls_it_solved(town: Town, browse: Browse) -> None:
    citizen = browse("")
    code = say(citizen, town)
    assert follow(citizen, code)["state"] == "已收到，考评办正在归类分派"
    dispatch(town)
    assert follow(citizen, code)["unit"] == "市城管委"
    town.do("u33.liaison", "sign_opinion", outcome="accept")
    town.do("u33.liaison", "handle_opinion", answer="已加派清运车，每天两次")
    seen = follow(citizen, code)
    assert (seen["answer"], seen["may_judge"]) == ("已加派清运车，每天两次", True)
    answer = citizen.post(f"{API}/public/opinions/verdict", json={"code": code, "solved": True})
    assert answer.json()["judged"] is True
    town.city.engine.drain()
    assert follow(citizen, code)["state"] == "已办结：提出人认为已解决"
    again = citizen.post(f"{API}/public/opinions/verdict", json={"code": code, "solved": False})
    assert again.status_code == 409
    assert town.city.scalar("select count(*) from incident") == 0


def test_not_solved_goes_to_the_office_and_is_done_again(town: Town, browse: Browse) -> None:
    citizen = browse("")
    code = say(citizen, town)
    dispatch(town)
    town.do("u33.liaison", "sign_opinion", outcome="accept")
    town.do("u33.liaison", "handle_opinion", answer="已转街道")
    citizen.post(f"{API}/public/opinions/verdict", json={"code": code, "solved": False, "text": "没人来"})
    town.city.engine.drain()
    assert town.city.form("office.staff", "settle_opinion")["verdict"] == "没有解决：没人来"
    town.do("office.staff", "settle_opinion", outcome="redo", reason="请到现场看")
    assert town.city.form("u33.liaison", "handle_opinion")["again"] == "请到现场看"
    town.do("u33.liaison", "handle_opinion", answer="已清运并公布时间")
    assert follow(citizen, code)["may_judge"] is True
    citizen.post(f"{API}/public/opinions/verdict", json={"code": code, "solved": True})
    town.city.engine.drain()
    assert town.city.scalar("select result from rectification_issue") == "solved"


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_silence_is_counted_apart(town: Town, browse: Browse) -> None:
    citizen = browse("")
    code = say(citizen, town)
    dispatch(town)
    town.do("u33.liaison", "sign_opinion", outcome="accept")
    town.do("u33.liaison", "handle_opinion", answer="已清运")
    town.clock.advance(timedelta(days=12))
    town.city.engine.drain()
    assert follow(citizen, code)["state"] == "已办结：到期未评价"
    page = browse("office.staff").get("/rectification")
    assert "办结 0 项，未评价 1 项" in page.text


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_two_returns_and_the_office_rules(town: Town, browse: Browse) -> None:
    say(browse(""), town)
    dispatch(town, "市建委")
    town.do("u32.liaison", "sign_opinion", outcome="return", reason="属城管职责")
    town.do("office.staff", "reassign_issue", unit=town.unit_id("市城管委"), reason="改派城管")
    town.do("u33.liaison", "sign_opinion", outcome="return", reason="属物业，应由住保办")
    town.do("office.head", "rule_issue", unit=town.unit_id("市城管委"), reason="清运属城管")
    assert town.city.elements("u33.liaison") == ["handle_opinion"], "no more sending back"
    acts = [row["kind"] for row in town.city.rows("select kind from issue_act order by id")]
    assert acts == ["dispatched", "sent_back", "dispatched", "sent_back", "ruled"]
    issue_id = town.city.scalar("select id from rectification_issue")
    assert browse("u32.liaison").get(f"/rectification/{issue_id}").status_code == 404, "it is theirs no more"


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_sending_back_needs_a_reason(town: Town, browse: Browse) -> None:
    say(browse(""), town)
    dispatch(town)
    with pytest.raises(Exception, match="处需要修改"):
        town.do("u33.liaison", "sign_opinion", outcome="return")
    assert town.city.elements("u33.liaison") == ["sign_opinion"]


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_the_term_runs_from_the_dispatch(town: Town, browse: Browse) -> None:
    say(browse(""), town)
    due = town.find("office.staff", "sort_opinion").due_at
    assert due == town.clock.now() + timedelta(hours=24)
    dispatched = town.clock.now()
    dispatch(town, urgency="urgent")
    town.clock.advance(timedelta(hours=1))
    town.do("u33.liaison", "sign_opinion", outcome="accept")
    assert town.find("u33.liaison", "handle_opinion").due_at == dispatched + timedelta(hours=2)


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_wrong_code_reveals_nothing_and_guessing_ends(town: Town, browse: Browse) -> None:
    citizen = browse("")
    code = say(citizen, town)
    wrong = [
        citizen.post(f"{API}/public/opinions/follow", json={"code": guess})
        for guess in ("AAAA-BBBB-CCCC-DDDD", "", code[:-1] + ("A" if code[-1] != "A" else "B"))
    ]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.text.split("request_id")[0] for answer in wrong}) == 1, (
        "one answer for every wrong one"
    )
    assert citizen.post(f"{API}/public/opinions/follow", json={"code": code}).status_code == 429
    page = citizen.post("/public/follow", data={"code": "AAAA-BBBB-CCCC-DDDD"})
    assert page.status_code == 429
    assert SAID not in page.text


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_neither_code_nor_address_is_stored(town: Town, browse: Browse) -> None:
    code = say(browse(""), town, name="王先生", contact="13900000000")
    [opinion] = town.city.rows("select * from opinion")
    assert code.replace("-", "") not in str(opinion).replace("-", "")
    assert "testclient" not in str(opinion)
    assert "13900000000" not in str(opinion), "contact data lies apart"
    assert town.city.scalar("select count(*) from opinion_contact") == 1
    assert town.city.scalar("select count(*) from variable where value_text like '%垃圾房%'") == 0


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_unit_sees_its_own_and_contact_is_for_the_office(town: Town, browse: Browse) -> None:
    say(browse(""), town, name="王先生", contact="13900000000")
    dispatch(town)
    issue_id = town.city.scalar("select id from rectification_issue")
    mine = browse("u33.liaison").get(f"/rectification/{issue_id}")
    assert mine.status_code == 200
    assert SAID in mine.text
    assert "13900000000" not in mine.text
    assert "13900000000" in browse("office.staff").get(f"/rectification/{issue_id}").text
    other = browse("u32.liaison")
    assert other.get(f"/rectification/{issue_id}").status_code == 404
    assert other.get(f"{API}/issues/{issue_id}").status_code == 404
    assert "垃圾房" not in other.get("/rectification").text
    assert browse("").get(f"/public/promises/{issue_id}").status_code == 404


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_merged_opinion_is_judged_with_the_others(town: Town, browse: Browse) -> None:
    citizen = browse("")
    first = say(citizen, town)
    dispatch(town)
    second = say(citizen, town)
    issue_id = str(town.city.scalar("select id from rectification_issue"))
    town.do("office.staff", "sort_opinion", outcome="merge", issue=issue_id)
    assert town.city.scalar("select volume from rectification_issue") == 2
    town.do("u33.liaison", "sign_opinion", outcome="accept")
    town.do("u33.liaison", "handle_opinion", answer="已清运")
    for code, state in ((first, "answered"), (second, "closed")):
        citizen.post(f"{API}/public/opinions/verdict", json={"code": code, "solved": True})
        town.city.engine.drain()
        assert town.city.scalar("select state from rectification_issue") == state


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_what_is_declined_says_why(town: Town, browse: Browse) -> None:
    citizen = browse("")
    code = say(citizen, town)
    town.do("office.staff", "sort_opinion", outcome="decline", reason="与公共事务无关")
    assert (follow(citizen, code)["state"], follow(citizen, code)["reason"]) == ("不予受理", "与公共事务无关")
