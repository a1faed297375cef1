"""挂起 and 恢复办理 on the instance's page and through REST; the liaison reads why nothing can be done."""

import html

from tests.api.conftest import Browse
from tests.engine.runtime.world import World, in_a_row, user
from tests.processes.city import PASSWORD

API = "/api/v1"


def test_the_office_lets_an_instance_stand_still_and_go_on(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", due='= date("2018-03-07")')))
    instance = world.start()
    item, office, liaison = world.item("ling"), browse("kao"), browse("ling")
    page = f"/instances/{instance}"
    assert "挂起" in office.get(page).text and 'id="standing"' not in liaison.get(page).text
    said = {"reason": "等省里的文件", "tree": "yes"}
    assert liaison.post(f"{page}/suspend", data=said).status_code == 403
    assert browse("tou2").post(f"{page}/suspend", data=said).status_code == 404
    assert office.post(f"{page}/nonsense", data=said).status_code == 404
    assert office.post(f"{page}/suspend", data=said).status_code == 303
    shown = html.unescape(liaison.get(f"/tasks/{item.item_id}").text)
    assert "由钱考挂起（等省里的文件），恢复办理以后才能办，期限顺延。" in shown
    sent = {"version": item.lock_version, "outcome": "submit", "fields": {"value": "1"}}
    refused = liaison.post(f"{API}/work-items/{item.item_id}/complete", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "closed")
    assert office.get(f"{API}/instances/{instance}").json()["status"] == "suspended"
    again = office.post(f"{page}/suspend", data=said)
    assert again.status_code == 409 and "流程已经挂起" in again.text
    assert liaison.post(f"{API}/instances/{instance}/resume", json={"reason": "x"}).status_code == 403
    done = office.post(f"{API}/instances/{instance}/resume", json={"reason": "文件已到"}).json()
    assert done == {"id": instance, "status": "running", "instances": 1}
    history = office.get(f"{API}/instances/{instance}/history").json()["items"]
    assert [(one["verb"], one["text"]) for one in history] == [
        ("suspend", "等省里的文件"),
        ("resume", "文件已到"),
    ]
    assert "恢复办理" in office.get(page).text


def test_what_was_typed_stays_on_the_page_and_is_kept_nowhere_else(world: World, browse: Browse) -> None:
    """A draft was kept while no verb was to be taken; the words stand under the sentence, by their labels."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance, item, liaison = world.start(), world.item("ling"), browse("ling")
    copied = liaison.post(f"/instances/{instance}/verbs/copy_to", data={"who": "李联"})
    assert copied.status_code == 303
    browse("kao").post(f"/instances/{instance}/suspend", data={"reason": "等省里的文件"})
    said = {"version": str(item.lock_version), "value": "51", "opinion": "按去年的口径", "draft_seen": ""}
    for way in ("complete", "save_draft"):
        answer = liaison.post(f"/tasks/{item.item_id}/{way}", data=said)
        shown = html.unescape(answer.text)
        assert answer.status_code == 409 and "由钱考挂起（等省里的文件）" in shown, way
        kept = shown[shown.index('id="kept"') :]
        assert "<dt>value</dt><dd>51</dd>" in kept and "按去年的口径" in kept, way
    by_itself = liaison.post(
        f"/tasks/{item.item_id}/draft", data=said, headers={"accept": "application/json"}
    )
    assert by_itself.status_code == 409 and "由钱考挂起" in by_itself.json()["title"]
    remark = liaison.post(f"/instances/{instance}/comments", data={"text": "还要等多久", "back": "/inbox"})
    assert remark.status_code == 409 and "还要等多久" in remark.text and "由钱考挂起" in remark.text
    assert 'id="comment-text"' not in liaison.get(f"/instances/{instance}").text
    assert world.scalar("select count(*) from draft") == 0
    reader = browse("ling2")
    assert reader.get(f"/instances/{instance}").status_code == 200
    assert world.scalar("select read_at from copy") is None


def test_who_was_logged_out_reads_what_they_had_typed_by_its_labels(world: World, browse: Browse) -> None:
    """Every field was called “填写的内容” on the page on which it is pressed once more."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    world.start()
    path = f"/tasks/{world.item('ling').item_id}/complete"
    sent = {"sent_to": path, "sent.value": "51", "sent.note": "去年口径", "sent.opinion": "同意"}
    shown = browse("").post("/login", data={"login": "ling", "password": PASSWORD, "next": "/inbox", **sent})
    for label, said in (("value", "51"), ("note", "去年口径"), ("意见", "同意")):
        assert f"<dt>{label}</dt><dd>{said}</dd>" in shown.text
    assert "填写的内容</dt>" not in shown.text
    stranger = browse("").post("/login", data={"login": "ling2", "password": PASSWORD, **sent})
    assert "去年口径" in stranger.text and "<dt>note</dt>" not in stranger.text
