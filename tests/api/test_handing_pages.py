"""转办, 委派, 前加签, 后加签 from the task page and by REST: the effect first, then the act; three people."""

from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"
STEPS = in_a_row(
    user("fill", "unit.liaison", name="填报", verbs="hand_over"),
    user(
        "check",
        "unit.head",
        name="审核",
        form_id="review",
        outcomes="approve:同意,return:退回",
        verbs="ask,add_after,hand_over",
    ),
)


@ON_SQLITE
def test_a_task_is_handed_over_asked_about_and_recalled_by_three_people(world: World, browse: Browse) -> None:
    world.deploy(planning=STEPS)
    world.start()
    item = world.item("ling").item_id
    ling, lu, tou = browse("ling"), browse("lu"), browse("tou")
    assert f"/tasks/{item}/verbs/hand_over" in ling.get(f"/tasks/{item}").text
    sent = {"version": "1", "who": "陆副", "reason": "出差"}
    looked = ling.post(f"/tasks/{item}/verbs/hand_over", data=sent)
    assert (
        "“填报”由张玲转到陆副。" in looked.text.replace("市旅委 · 联络员", "张玲")
        or "转到陆副。" in looked.text
    )
    assert world.item("ling").item_id == item, "looking changes nothing"
    nobody = ling.post(f"/tasks/{item}/verbs/hand_over", data={**sent, "who": "没有这个人"})
    assert (nobody.status_code, "没有找到“没有这个人”" in nobody.text) == (422, True)
    ling.post(f"/tasks/{item}/verbs/hand_over", data={**sent, "sure": "yes"})
    assert world.inbox("ling") == []
    assert "陆副" in ling.get(f"/tasks/{item}").text, "who had it still reads it"
    version = str(world.item("lu").lock_version)
    lu.post(f"/tasks/{item}/complete", data={"version": version, "outcome": "submit", "value": "49"})
    check = world.item("tou").item_id
    more = tou.get(f"/tasks/{check}/verbs").text
    assert "委派" in more
    assert "后加签" in more
    asked = {"version": "1", "who": "ling、lu", "reason": "请核一下", "sure": "yes"}
    tou.post(f"/tasks/{check}/verbs/ask", data=asked)
    page = tou.get(f"/tasks/{check}").text
    assert "等张玲、陆副先办" in page
    recall = tou.get(f"/tasks/{check}/verbs/recall").text
    assert "由系统关闭" in recall or "关闭" in recall
    mine = world.item("ling").item_id
    assert "王局委派" in ling.get(f"/tasks/{mine}").text
    ling.post(f"/tasks/{mine}/answer", data={"version": "1", "outcome": "", "opinion": "看过，可以"})
    tou.post(
        f"/tasks/{check}/verbs/recall",
        data={"version": str(world.item("tou").lock_version), "reason": "够了", "sure": "yes"},
    )
    assert world.inbox("lu") == []
    assert "看过，可以" in tou.get(f"/tasks/{check}").text


@ON_SQLITE
def test_rest_foretells_and_names_who_is_waited_for(world: World, browse: Browse) -> None:
    world.deploy(planning=STEPS)
    world.start()
    world.complete("ling", "fill")
    item, tou = world.item("tou").item_id, browse("tou")
    body = {"version": 1, "people": [world.people["lu"]], "opinion": "请会后再签"}
    told = tou.post(f"{API}/work-items/{item}/add_after/preview", json=body).json()
    assert told["sentences"][-1].startswith("您办理以后轮到他们")
    assert tou.get(f"{API}/work-items/{item}").json()["signing"] is None
    assert tou.post(f"{API}/work-items/{item}/add_after", json=body).status_code == 200
    shown = tou.get(f"{API}/work-items/{item}").json()
    assert [(one["kind"], one["state"]) for one in shown["signing"]["signers"]] == [
        ("", "open"),
        ("after", "waiting"),
    ]
    assert shown["signing"]["leads_to"] == {"approve": "waits", "return": "fails"}
    tou.post(f"{API}/work-items/{item}/complete", json={"version": shown["version"], "outcome": "approve"})
    (row,) = browse("lu").get(f"{API}/work-items").json()["items"]
    theirs = browse("lu").get(f"{API}/work-items/{row['id']}").json()
    assert (theirs["purpose"], theirs["signs_for"]) == ("after", "王局")
    refused = browse("lu").post(f"{API}/work-items/{row['id']}/register_for", json={"version": 1})
    assert refused.status_code == 403
    assert "现在可以：办理" in str(refused.json())


@ON_SQLITE
def test_the_office_hands_over_all_that_lies_with_who_leaves(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("own", "unit.liaison", name="填报", verbs="hand_over")))
    for _ in range(2):
        world.start()
        world.act("ling", "hand_over", target=world.people["lu"], opinion="请您填")
    office, leaver = browse("kao"), world.people["lu"]
    assert browse("ling").get("/office/leaving").status_code == 403
    assert f"/office/leaving/{leaver}" in office.get("/office/leaving", params={"search": "陆副"}).text
    assert "名下有 2 项没有办完" in office.get(f"/office/leaving/{leaver}").text
    sent = {"who.0": "张玲", "reason": "陆副离职"}
    looked = office.post(f"/office/leaving/{leaver}", data=sent).text
    assert looked.count("由陆副转到张玲。") == 2
    assert len(world.inbox("lu")) == 2
    done = office.post(f"/office/leaving/{leaver}", data={**sent, "sure": "yes"})
    page = office.get(done.headers["location"])
    assert "已转 0 项，转不了 0 项，还有 2 项。" in page.text and page.headers["refresh"] == "2"
    assert office.get(f"{API}{done.headers['location'].removeprefix('/office')}").json()["waiting"] == 2
    world.engine.drain()
    page = office.get(done.headers["location"])
    assert "已转 2 项，转不了 0 项，还有 0 项。" in page.text and "refresh" not in page.headers
    assert world.inbox("lu") == []
    assert office.get(f"{API}/leaving/{leaver}").json()["groups"] == []
