"""What the public sees of a promise: both rounds with plan, result and formula; comments when released."""

import pytest

from tests.rectification.conftest import Browse
from tests.rectification.test_key_issue import UNIT, counted, dispatched, one_round
from tests.rectification.town import Town

API = "/api/v1"


@pytest.fixture
def rectified(town: Town) -> Town:
    """垃圾分类 after its first round, which too few were content with."""
    dispatched(town)
    town.do(UNIT, "sign_key", code="HI13", outcome="accept")
    one_round(town)
    counted(town, (60, 50, 30, 25, 15))
    return town


def promise_id(town: Town) -> str:
    return str(town.issue("HI13")["id"])


def test_both_rounds_lie_open_with_their_formula(rectified: Town, browse: Browse) -> None:
    town, citizen = rectified, browse("")
    one_round(town, content="加密投放点")
    counted(town, (120, 80, 40, 18, 12), abstained=10)
    page = citizen.get(f"/public/promises/{promise_id(town)}").text
    for shown in (
        "第 1 轮整改", "建成分类投放、收运体系", "已试点 20 个小区", "主城区全部推开",
        "（60 + 50 + 30）÷ 180 = 77.78%", "第 2 轮整改", "加密投放点", "（120 + 80 + 40）÷ 270 = 88.89%",
        "弃权、不了解 10（不计入有效票）", "已办结：专项满意度达标",
    ):  # fmt: skip
        assert shown in page, shown
    rows = citizen.get("/public/promises").text
    assert "88.89%" in rows
    told = citizen.get(f"{API}/public/promises/{promise_id(town)}").json()
    assert [one["satisfaction"]["rate"] for one in told["rounds"]] == ["77.78", "88.89"]
    assert [one["satisfaction"]["reached"] for one in told["rounds"]] == [False, True]
    refused = citizen.post(f"{API}/public/promises/{promise_id(town)}/comments", json={"text": "还有"})
    assert refused.status_code == 422, "it is closed"


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_nothing_is_public_before_the_office_has_passed_it(town: Town, browse: Browse) -> None:
    dispatched(town)
    town.do(UNIT, "sign_key", code="HI13", outcome="accept")
    assert browse("").get(f"/public/promises/{promise_id(town)}").status_code == 404
    assert "还没有公示的承诺" in browse("").get("/public/promises").text


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_comments_come_again_and_again_and_show_once_released(rectified: Town, browse: Browse) -> None:
    town, citizen = rectified, browse("")
    address = f"/public/promises/{promise_id(town)}"
    for text in ("请公布投放点", "骂人的话", "督导员太少"):
        assert citizen.post(address, data={"text": text}).status_code == 303
        town.city.engine.drain()
    assert "请公布投放点" not in citizen.get(address).text
    screened = [row for row in town.city.inbox("office.staff") if row.element_id == "screen_comment"]
    assert len(screened) == 3
    for row in screened:
        words = town.form_of("office.staff", row.item_id)["comment"]
        hidden = words == "骂人的话"
        town.take(
            "office.staff", row, outcome="hide" if hidden else "release", opinion="辱骂" if hidden else ""
        )
    answers = [row for row in town.city.inbox(UNIT) if row.element_id == "answer_comment"]
    assert len(answers) == 2
    town.take(UNIT, answers[0], answer="已在网站公布")
    page = citizen.get(address).text
    assert "请公布投放点" in page
    assert "督导员太少" in page
    assert "骂人的话" not in page
    assert "已在网站公布" in page
    assert "fill_plan" in town.city.elements(UNIT), "the work goes on beside it"


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_the_page_takes_an_opinion_and_shows_its_code_once(town: Town, browse: Browse) -> None:
    citizen = browse("")
    assert citizen.get("/public/say").status_code == 200
    sent = {"cycle_id": town.city.cycle.id, "kind": "opinion", "unit_id": "", "text": "路灯不亮"}
    answer = citizen.post("/public/say", data=sent)
    code = answer.text.split("data-code>")[1].split("<")[0]
    assert len(code) == 19
    seen = citizen.post("/public/follow", data={"code": code.lower().replace("-", " ")})
    assert "路灯不亮" in seen.text
    assert "已收到" in seen.text
    empty = citizen.post("/public/say", data={**sent, "text": "  "})
    assert empty.status_code == 422
    assert "请写下您的意见" in empty.text
    long = citizen.post("/public/say", data={**sent, "text": "长" * 2001})
    assert long.status_code == 422
    trap = citizen.post("/public/say", data={**sent, "website": "x"})
    assert trap.status_code == 303
    assert town.city.scalar("select count(*) from opinion") == 1


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_flood_from_one_address_ends(town: Town, browse: Browse) -> None:
    citizen = browse("")
    sent = {"cycle_id": town.city.cycle.id, "text": "路灯不亮"}
    answers = [citizen.post(f"{API}/public/opinions", json=sent).status_code for _ in range(22)]
    assert answers == [201] * 20 + [429] * 2
