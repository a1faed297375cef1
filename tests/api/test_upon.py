"""Verbs upon an instance on its pages and through REST: each says first what it leads to."""

import html
import re

from tests.api.conftest import Browse
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.test_brought_in import PAIR
from tests.engine.verbs.upon import holds_together
from tests.engine.verbs.voting_city import signed

API = "/api/v1"
TWO = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head"))


def test_a_submission_is_taken_back_from_the_page_of_what_was_done(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO)
    instance, item, liaison = world.start(), world.item("ling"), browse("ling")
    sent = {"version": item.lock_version, "outcome": "submit", "fields": {"value": "51"}}
    assert liaison.post(f"{API}/work-items/{item.item_id}/complete", json=sent).status_code == 200
    way = f"/instances/{instance}/verbs/take_back?item={item.item_id}"
    assert way in html.unescape(liaison.get(f"/tasks/{item.item_id}").text)
    assert way not in html.unescape(browse("tou").get(f"/instances/{instance}").text)
    shown = html.unescape(liaison.get(way).text)
    assert "“办理fill”交市旅游委员会 · 联络员办理。" in shown and "作为草稿保留" in shown
    page = f"/instances/{instance}/verbs/take_back"
    done = liaison.post(page, data={"item": item.item_id})
    assert (done.status_code, done.headers["location"]) == (303, f"/instances/{instance}?said=take_back")
    assert "“撤回”已办妥。" in liaison.get(done.headers["location"]).text
    assert 'value="51"' in liaison.get(f"/tasks/{world.item('ling').item_id}").text
    again = liaison.post(page, data={"item": item.item_id})
    assert again.status_code == 403 and "没有可以撤回的提交" in again.text
    holds_together(world)


def test_what_decided_the_last_step_is_taken_back_after_its_effect_was_shown(
    world: World, browse: Browse
) -> None:
    """The instance was over, and its last signer found no 撤回 although nobody had gone on."""
    world.deploy(planning=in_a_row(signed("any", signers=PAIR)))
    instance, item, head = world.start(), world.item("tou"), browse("tou")
    sent = {"version": item.lock_version, "outcome": "approve"}
    assert head.post(f"{API}/work-items/{item.item_id}/complete", json=sent).json()["ended"] is True
    way = f"/instances/{instance}/verbs/take_back?item={item.item_id}"
    assert way in html.unescape(head.get(f"/tasks/{item.item_id}").text)
    shown = html.unescape(head.get(way).text)
    assert "本流程恢复办理。" in shown and "“办理sign”交市旅游委员会 · 分管领导办理。" in shown
    page = f"/instances/{instance}/verbs/take_back"
    assert head.post(page, data={"item": item.item_id}).status_code == 303
    assert (world.status(instance), len(world.inbox("lu"))) == ("running", 1)
    holds_together(world)


def test_the_office_sees_what_it_ends_and_gives_the_reason(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO)
    instance, office, liaison = world.start(), browse("kao"), browse("ling")
    page = f"/instances/{instance}/verbs/terminate"
    assert page in office.get(f"/instances/{instance}").text
    assert page not in liaison.get(f"/instances/{instance}").text
    assert liaison.get(page).status_code == 403 and browse("tou2").get(page).status_code == 404
    shown = html.unescape(office.get(page).text)
    assert "本流程终止，不能再办理。" in shown and "由系统关闭" in shown and 'name="reason"' in shown
    refused = office.post(page, data={"reason": " "})
    assert refused.status_code == 422 and "请写明终止的理由" in refused.text
    assert office.post(page, data={"reason": "任务取消"}).status_code == 303
    seen = html.unescape(liaison.get("/notifications").text)
    assert "办理fill" in seen and "任务取消" in seen
    answer = office.post(f"{API}/instances/{instance}/reopen/preview", json={}).json()
    assert [one["step"] for one in answer["opened"]] == ["办理fill"] and answer["status"] == "running"
    again = office.post(f"{API}/instances/{instance}/reopen", json={"reason": "还要办"}).json()
    assert again == {
        "id": instance,
        "verb": "reopen",
        "status": "running",
        "message": "已在“办理fill”恢复办理。",
    }
    holds_together(world)


def test_a_token_is_moved_after_choosing_where(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO)
    instance, office = world.start(), browse("kao")
    page = f"/instances/{instance}/verbs/jump"
    chosen = html.unescape(office.get(page).text)
    assert "从“办理fill”移到“办理sign”" in chosen and 'name="reason"' not in chosen
    tokens = office.get(f"{API}/instances/{instance}/tokens").json()
    where = f"{tokens[0]['token']}>{tokens[0]['landings'][0]['element']}"
    assert "“办理sign”交" in html.unescape(office.get(page, params={"where": where}).text)
    refused = office.post(page, data={"where": where, "reason": ""})
    assert refused.status_code == 422 and "请写明跳转的理由" in refused.text
    assert office.post(page, data={"where": where, "reason": "联络员出缺"}).status_code == 303
    assert world.item("tou").element_id == "sign"
    assert browse("ling").get(f"{API}/instances/{instance}/tokens").status_code == 403
    assert office.post(f"{page}x", data={"reason": ""}).status_code == 404


def test_who_may_not_is_told_so_before_anything_is_chosen_or_typed(world: World, browse: Browse) -> None:
    """跳转 offered its ways, and 抄送 its form, to whoever saw the instance; the refusal came at the end."""
    world.deploy(planning=TWO)
    instance, reader = world.start(), browse("ling2")
    copied = browse("ling").post(f"/instances/{instance}/verbs/copy_to", data={"who": "李联"})
    assert copied.status_code == 303
    for verb, whose in (("jump", "由考评办办理"), ("copy_to", "由办理过或正在办理它的人")):
        shown = reader.get(f"/instances/{instance}/verbs/{verb}")
        assert shown.status_code == 403 and whose in html.unescape(shown.text)
        assert "从“办理fill”移到" not in shown.text and 'name="reason"' not in shown.text


def test_copies_and_following_are_for_who_may_and_read_is_set_at_the_first_look(
    world: World, browse: Browse
) -> None:
    world.deploy(planning=TWO)
    instance, liaison, other = world.start(), browse("ling"), browse("ling2")
    page = f"/instances/{instance}/verbs/copy_to"
    assert other.get(f"/instances/{instance}").status_code == 404
    assert page in liaison.get(f"/tasks/{world.item('ling').item_id}").text
    unclear = liaison.post(page, data={"who": "没有这个人", "reason": "请看"})
    assert unclear.status_code == 422 and "没有找到" in unclear.text and "请看" in unclear.text
    assert liaison.post(page, data={"who": "李联", "reason": "请看"}).status_code == 303
    copies = f"{API}/instances/{instance}/copies"
    assert [one["read_at"] for one in liaison.get(copies).json()] == [None]
    shown = other.get(f"/instances/{instance}")
    assert shown.status_code == 200 and page not in shown.text
    assert liaison.get(copies).json()[0]["read_at"] is not None
    assert [one["key"] for one in other.get(f"{API}/instances/{instance}/verbs").json()] == [
        "mark_read",
        "follow",
    ]
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        done = other.post(f"{API}/instances/{instance}/follow", json={}, headers=key)
        assert done.json()["message"] == "已关注，有进展会通知您。"
    assert other.post(f"{API}/instances/{instance}/follow", json={}).status_code == 403
    assert other.post(f"/instances/{instance}/verbs/unfollow", data={"reason": ""}).status_code == 303
    assert other.post(f"{API}/instances/{instance}/nonsense", json={}).status_code == 404
    assert browse("tou2").post(f"{API}/instances/{instance}/follow", json={}).status_code == 404


def test_the_leader_is_told_from_the_task_page_after_its_effect_was_shown(
    world: World, browse: Browse
) -> None:
    world.deploy(planning=TWO)
    world.start()
    item, office = world.item("ling"), browse("ban1")
    page = f"/tasks/{item.item_id}/verbs/urge_leader"
    assert page in office.get(f"/tasks/{item.item_id}").text
    assert page not in browse("ling").get(f"/tasks/{item.item_id}").text
    assert "主要负责人" in office.get(page).text
    said = {"version": str(item.lock_version), "reason": "省里等着", "sure": "yes"}
    assert office.post(page, data=said).status_code == 303
    assert "催办并报您" in browse("tou").get("/notifications").text
    assert (
        page not in office.get(f"/tasks/{item.item_id}").text
        or "今天已经催办" in office.post(page, data=said).text
    )


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="([0-9]+)"', page)
    assert found is not None
    return found[1]


def test_what_moved_on_since_the_page_was_opened_is_said_and_the_reason_stays(
    world: World, browse: Browse
) -> None:
    """The office ended what had gone on to the next desk, by a page that showed another effect."""
    world.deploy(planning=TWO)
    instance, office = world.start(), browse("kao")
    page, standing = f"/instances/{instance}/verbs/terminate", f"/instances/{instance}/suspend"
    seen = version_in(office.get(page).text)
    shown = office.get(f"/instances/{instance}").text
    also = version_in(shown[shown.index('id="standing"') :])
    world.complete("ling")
    for way in (page, standing):
        refused = office.post(way, data={"version": also, "reason": "重复发起，不再办理"})
        text = html.unescape(refused.text)
        assert refused.status_code == 409 and "流程在您打开之后有过变动（张玲办理）" in text
        assert ">重复发起，不再办理</textarea>" in text
    assert seen == also and world.status(instance) == "running"
    by_program = office.post(
        f"{API}/instances/{instance}/terminate", json={"reason": "重复", "version": int(seen)}
    )
    assert (by_program.status_code, by_program.json()["code"]) == (409, "stale")
    wait = {"reason": "等文件", "version": int(seen)}
    assert office.post(f"{API}/instances/{instance}/suspend", json=wait).status_code == 409
    now = office.get(f"{API}/instances/{instance}").json()["version"]
    stale = office.post(page, data={"version": seen, "reason": "重复发起"})
    assert version_in(stale.text) == str(now), "whoever has looked at it presses once more"
    assert office.post(page, data={"version": str(now), "reason": "重复发起"}).status_code == 303
    late = office.post(page, data={"version": str(now), "reason": "重复发起"})
    assert "由钱考终止" in late.text, "what ended it is said, not that it moved"
