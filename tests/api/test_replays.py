"""回放: whoever may deploy plays what was recorded on another version; by page, by designer, by REST."""

from datetime import date

from fastapi.testclient import TestClient

from engine.people.memberships import appoint
from tests.api.conftest import Browse
from tests.api.test_migrations import designer
from tests.databases import ON_SQLITE
from tests.engine.runtime.replaying.test_replay import dated
from tests.engine.runtime.world import World

API = "/api/v1"
OTHERS = dated(17, post="vice_head").replace(b'outcome = "pass"', b'outcome = "never"').decode()


def stranger(world: World, browse: Browse) -> TestClient:
    """A process designer from another unit, who sees no instance of this one."""
    with world.engine.database.write() as connection:
        place = {"unit_id": world.units["OF"], "post_key": "designer"}
        appoint(connection, user_id=world.people["ling2"], from_on=date(2018, 3, 1), **place)
    return browse("ling2")


def worked(world: World) -> str:
    world.deploy(planning=dated(10))
    instance_id = world.start()
    world.complete("ling", "fill", fields={"value": "49"})
    world.complete("tou", "judge", outcome="pass")
    return instance_id


def test_a_designer_replays_files_before_they_are_deployed(world: World, browse: Browse) -> None:
    instance_id = worked(world)
    client = stranger(world, browse)
    given = client.post(f"{API}/processes/planning/replays", json={"files": {"planning.bpmn": OTHERS}})
    assert (given.status_code, given.json()["counts"]) == (202, {"waiting": 1})
    world.engine.drain()
    told = client.get(f"{API}/replays/{given.json()['id']}").json()
    assert (told["process"], told["label"], told["counts"]) == ("planning", "planning.bpmn", {"other": 1})
    assert told["reasons"][0]["reason"].startswith("在“评定”：当时到“已完成”，新版到“填报、催报”。")
    due = next(one for one in told["changes"] if one["kind"] == "due")
    assert (due["name"], due["old"], due["new"]) == ("填报", "2018-03-10", "2018-03-17")
    assert told["items"][0]["instance_id"] == instance_id
    assert told["items"][0]["seen"] == [], "who may not see the instance does not see its data"
    assert world.scalar("select count(*) from definition_version where number > 1") == 0
    assert world.scalar("select count(*) from work_item") == 0


def test_the_page_follows_a_replay_and_says_what_it_found(world: World, browse: Browse) -> None:
    worked(world)
    world.deploy(planning=dated(17))
    client = designer(world, browse)
    assert "/processes/planning/replays" in client.get("/processes/planning").text
    assert "第 2 版" in client.get("/processes/planning/replays").text
    given = client.post("/processes/planning/replays", data={"to": "2"})
    assert given.status_code == 303
    page = client.get(given.headers["location"])
    assert "正在回放：走完 0 个，共 1 个。" in page.text and page.headers["refresh"] == "2"
    world.engine.drain()
    page = client.get(given.headers["location"])
    assert "已全部回放，共 1 个；什么也没有改变。" in page.text and "refresh" not in page.headers
    assert "走向相同 1" in page.text and "2018-03-17" in page.text
    assert "何秘" in client.get("/processes/planning/replays").text


@ON_SQLITE
def test_the_designer_replays_what_stands_on_its_canvas(world: World, browse: Browse) -> None:
    worked(world)
    client = designer(world, browse)
    given = client.post("/designer/planning/replay", json={"files": {"planning.bpmn": OTHERS}})
    assert given.status_code == 202
    world.engine.drain()
    page = client.get(given.json()["address"]).text
    assert "走向不同 1" in page and "在“评定”：当时到“已完成”，新版到“填报、催报”。" in page
    assert "市旅游委员会 · 分管领导" in page
    broken = OTHERS.replace('outcome = "never"', "[x for x in y]")
    refused = client.post("/designer/planning/replay", json={"files": {"planning.bpmn": broken}})
    assert refused.status_code == 422
    assert "error" in {one["severity"] for one in refused.json()["findings"]}
    refused = client.post(f"{API}/processes/planning/replays", json={"files": {"planning.bpmn": broken}})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")


def test_who_sees_the_instance_sees_what_decided_its_way(world: World, browse: Browse) -> None:
    instance_id = worked(world)
    client = stranger(world, browse)
    given = client.post(f"{API}/processes/planning/replays", json={"files": {"planning.bpmn": OTHERS}}).json()
    world.engine.drain()
    page = f"/processes/planning/replays/{given['id']}"
    assert "outcome = “pass”" not in client.get(page).text
    office = designer(world, browse)
    assert office.get(f"{API}/replays/{given['id']}").json()["items"][0]["seen"] == ["outcome = “pass”"]
    assert "outcome = “pass”" in office.get(page).text
    assert f"/instances/{instance_id}" in office.get(page).text
    assert f"/instances/{instance_id}" not in client.get(page).text


@ON_SQLITE
def test_who_may_not_deploy_neither_replays_nor_looks(world: World, browse: Browse) -> None:
    worked(world)
    order = designer(world, browse).post(f"{API}/processes/planning/replays", json={"to": 1}).json()["id"]
    for login in ("ling", "kao"):
        other = browse(login)
        for answer in (
            other.post(f"{API}/processes/planning/replays", json={"to": 1}),
            other.get(f"{API}/replays/{order}"),
            other.get("/processes/planning/replays"),
            other.post("/processes/planning/replays", data={"to": "1"}),
            other.get(f"/processes/planning/replays/{order}"),
            other.post("/designer/planning/replay", json={"files": {"planning.bpmn": OTHERS}}),
        ):
            assert answer.status_code == 403, (login, answer.url)


@ON_SQLITE
def test_what_is_asked_wrongly_is_said(world: World, browse: Browse) -> None:
    worked(world)
    client = designer(world, browse)
    path = f"{API}/processes/planning/replays"
    files = {"other.bpmn": OTHERS.replace('id="planning"', 'id="other"')}
    for sent, said in [
        ({"to": 3}, "没有第 3 版。"),
        ({}, "请给出第几版，或者文件，只给一种。"),
        ({"to": 1, "files": files}, "请给出第几版，或者文件，只给一种。"),
        ({"files": files}, "给出的文件里没有流程 planning。"),
    ]:
        answer = client.post(path, json=sent)
        assert (answer.status_code, answer.json()["title"]) == (422, said), answer.json()
    assert client.post(f"{API}/processes/none/replays", json={"to": 1}).status_code == 404
    assert client.get(f"{API}/replays/none").status_code == 404
    assert client.get("/processes/none/replays").status_code == 404
    order = client.post(path, json={"to": 1}).json()["id"]
    assert client.get(f"/processes/other/replays/{order}").status_code == 404
