"""The inbox and the task page, from the first item to the last."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from engine.store.sql import execute
from engine.verbs.instance_door import act_upon
from engine.verbs.visit import Request
from engine.work.inbox import claimable
from tests.api.conftest import Browse
from tests.api.diagrams import CLAIMED, TWO_STEPS
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user
from tests.processes.city import City


@ON_SQLITE
def test_the_navigation_marks_the_one_place_where_one_is(city: City, visit: Browse) -> None:
    """总览 is at /office and 综合评定 at /office/grading: both were marked there."""
    office = visit("office.staff")
    for path in ("/office", "/office/grading", "/office/data", "/monitoring"):
        marked = re.findall(r'href="([^"]+)" aria-current="page"', office.get(path).text)
        assert marked == [path]


def test_the_inbox_names_business_step_and_deadline_in_words(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    text = browse("ling").get("/inbox").text
    assert "2018 年度目标制定" in text
    assert "填报目标" in text
    assert "2018-03-09" in text
    assert "还有 6 个工作日" in text


@ON_SQLITE
def test_an_empty_inbox_says_what_comes_next(world: World, browse: Browse) -> None:
    world.deploy(planning=CLAIMED)
    assert "待办都办完了" in browse("ban1").get("/inbox").text
    world.start()
    text = browse("ban1").get("/inbox").text
    assert "还有 1 项工作等人认领" in text
    assert "/inbox?tab=claimable" in text


def test_search_finds_by_pinyin_initials_and_says_when_it_finds_nothing(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    liaison = browse("ling")
    assert "填报目标" in liaison.get("/inbox", params={"search": "slywyh"}).text
    assert "没有找到" in liaison.get("/inbox", params={"search": "不存在"}).text


@ON_SQLITE
def test_the_help_names_every_key_that_inbox_and_task_listen_to(city: City, visit: Browse) -> None:
    city.start("U20")
    city.prepare("u20")
    deputy, reviewer = visit("u20.deputy"), visit("office.reviewer")
    task = deputy.get(f"/tasks/{city.item('u20.deputy', 'deputy_review').item_id}").text
    task += deputy.get("/inbox").text
    city.complete("u20.deputy", "deputy_review", outcome="approve")
    city.complete("u20.head", "head_signs", outcome="approve")
    pages = reviewer.get("/inbox", params={"tab": "claimable"}).text + task
    listens = set(re.findall(r'data-key="(.)"', pages)) | {"j", "k", "?"}
    assert listens == {"/", "a", "f", "r", "x", "j", "k", "?"}
    assert set(re.findall(r"<kbd>(.+?)</kbd>", reviewer.get("/inbox").text)) == {*listens, "Enter"}


def test_a_task_goes_from_desk_to_desk(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    liaison = browse("ling")
    item = world.item("ling")
    assert "提交后进入：签发目标" in liaison.get(f"/tasks/{item.item_id}").text
    sent = {"version": "1", "value": "49", "note": "<b>不是</b>"}
    answer = liaison.post(f"/tasks/{item.item_id}/complete", data=sent)
    assert answer.status_code == 303, answer.text
    done = liaison.get(answer.headers["location"]).text
    assert "已提交" in done
    assert "签发目标" in done
    assert "&lt;b&gt;不是&lt;/b&gt;" in done
    head = browse("tou")
    item = world.item("tou")
    assert "同意" in head.get(f"/tasks/{item.item_id}").text
    answer = head.post(f"/tasks/{item.item_id}/complete", data={"version": "1", "outcome": "approve"})
    assert answer.status_code == 303
    assert world.status(instance) == "completed"
    assert "签发目标" in head.get("/inbox?tab=done").text


@ON_SQLITE
def test_a_head_sends_back_with_a_reason_and_the_liaison_reads_it_first(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    world.complete("ling", fields={"value": "51"})
    head, item = browse("tou"), world.item("tou")
    page = head.get(f"/tasks/{item.item_id}/return_to").text
    assert "退回到“填报目标”" in page
    where = {"version": "1", "where": "step:fill", "straight_back": "yes"}
    without = head.post(f"/tasks/{item.item_id}/return_to", data={**where, "opinion": " "})
    assert without.status_code == 422
    assert "请写明退回的理由" in without.text
    sent = head.post(f"/tasks/{item.item_id}/return_to", data={**where, "opinion": "年末应为49"})
    assert sent.status_code == 303
    back = world.item("ling")
    liaison = browse("ling")
    assert "被退回" in liaison.get("/inbox").text
    page = liaison.get(f"/tasks/{back.item_id}").text
    assert "王局 退回" in page
    assert "年末应为49" in page
    assert "改好提交后直接回到“签发目标”" in page


@ON_SQLITE
def test_each_way_back_shows_what_it_leads_to_before_it_is_taken(world: World, browse: Browse) -> None:
    steps = [user(step, f"unit.{post}") for step, post in (("fill", "liaison"), ("check", "vice_head"))]
    world.deploy(planning=in_a_row(*steps, user("sign", "unit.head", verbs="return_to")))
    instance = world.start()
    world.complete("ling")
    world.complete("lu")
    before = world.said(instance)
    page = browse("tou").get(f"/tasks/{world.item('tou').item_id}/return_to").text
    said = [line.strip() for line in re.findall(r'<span class="form-hint">([^<]+)</span>', page)]
    assert said[:2] == ["您的“办理sign”办完。", "“办理check”交市旅游委员会 · 分管领导办理。"]
    first = said.index("“办理fill”交市旅游委员会 · 联络员办理。")
    kept = "以下意见不再有效，仍留在办理过程中："
    assert said[first + 1] == f"{kept}办理fill（张玲）。"
    assert said[first + 2].startswith(f"选“逐步重新办理”时：{kept}")
    assert "办理check（陆副）" in said[first + 2]
    assert world.said(instance) == before
    assert world.item("tou").element_id == "sign"


@ON_SQLITE
def test_an_outcome_that_needs_a_reason_asks_for_it_on_a_page_of_its_own(
    world: World, browse: Browse
) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    world.complete("ling", fields={"value": "51"})
    head, item = browse("tou"), world.item("tou")
    data = {"version": "1", "opinion": "数不对"}
    asked = head.post(f"/tasks/{item.item_id}/sending-back?outcome=reject", data=data)
    page = head.get(asked.headers["location"]).text
    assert "<h1" in page
    assert "不同意" in page
    assert "数不对" in page, "what was typed came along"
    assert "退回到“填报目标”" not in page
    sent = head.post(f"/tasks/{item.item_id}/return_to", data={**data, "where": "outcome:reject"})
    assert sent.status_code == 303, sent.text
    assert world.status(instance) == "completed"
    assert [event.outcome for event in world.events(instance)] == ["submit", "reject"]


@ON_SQLITE
def test_who_opens_a_task_from_the_past_reads_who_did_it_and_is_not_scolded(
    world: World, browse: Browse
) -> None:
    """From 已办 one's own work was shown as if it had been refused: 不能重复办理, nothing was changed."""
    world.deploy(planning=TWO_STEPS)
    instance, item = world.start(), world.item("ling")
    world.complete("ling")
    copied = Request(people=(world.people["tou"],))
    act_upon(world.engine, world.person("ling"), instance, "copy_to", copied)
    page = browse("ling").get(f"/tasks/{item.item_id}")
    assert page.status_code == 200
    assert "张玲已经办理完毕" in page.text
    assert "不能重复办理" not in page.text
    assert "没有改动任何数据" not in page.text
    assert "<div><strong>抄送</strong>" in page.text, "what belongs to no step has no dot before it"
    late = browse("ling").post(f"/tasks/{item.item_id}/complete", data={"version": "1"})
    assert late.status_code == 409
    assert "不能重复办理" in late.text
    assert "没有改动任何数据" in late.text


@ON_SQLITE
def test_a_way_back_that_is_not_offered_is_refused(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    world.complete("ling")
    item = world.item("tou")
    data = {"version": "1", "where": "step:sign", "opinion": "不对"}
    assert browse("tou").post(f"/tasks/{item.item_id}/return_to", data=data).status_code == 422
    assert world.item("tou").item_id == item.item_id


def test_two_colleagues_claim_and_one_is_told_who_was_faster(world: World, browse: Browse) -> None:
    world.deploy(planning=CLAIMED)
    world.start()
    first, second = browse("ban1"), browse("ban2")
    assert "认领" in second.get("/inbox?tab=claimable").text
    with world.engine.database.read() as connection:
        item = claimable(connection, world.person("ban1")).items[0]
    assert first.post(f"/tasks/{item.item_id}/claim", data={"version": "1"}).status_code == 303
    late = second.post(f"/tasks/{item.item_id}/claim", data={"version": "1"})
    assert late.status_code in (403, 409)
    assert "核对目标" in late.text
    assert world.item("ban1").item_id == item.item_id


def test_the_inbox_costs_the_same_statements_for_few_and_many_items(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    liaison = browse("ling")
    liaison.get("/inbox")
    few = _statements(world, liaison, monkeypatch)
    for _ in range(12):
        world.start()
    assert _statements(world, liaison, monkeypatch) == few
    assert few < 20


def _statements(world: World, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many statements one look at the inbox takes: named ones and SQLAlchemy's."""
    seen = 0

    def note(*_arguments: object) -> None:
        nonlocal seen
        seen += 1

    def noted(*arguments: Any) -> Any:
        note()
        return execute(*arguments)

    world.engine.database.close()  # who listens from now on hears new connections only
    event.listen(world.engine.database.engine, "before_cursor_execute", note)
    with monkeypatch.context() as patch:
        patch.setattr("engine.store.sql.execute", noted)
        assert client.get("/inbox").status_code == 200
    event.remove(world.engine.database.engine, "before_cursor_execute", note)
    world.engine.database.close()
    return seen
