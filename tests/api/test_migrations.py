"""Whoever may deploy moves instances: checked, ordered, followed, taken back; by page and by REST."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.designer import migrating
from engine.people.memberships import appoint
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"
SIGN = user("sign", "unit.head", form_id="review")
FIRST = in_a_row(user("fill", "unit.liaison"), SIGN)
SECOND = in_a_row(user("fill_in", "unit.vice_head", name="填写"), SIGN)
MOVE = {"from": 1, "to": 2, "mapping": {"fill": "fill_in"}}


def designer(world: World, browse: Browse) -> TestClient:
    """何秘 as the process designer of the installation."""
    with world.engine.database.write() as connection:
        place = {"unit_id": world.units["OF"], "post_key": "designer"}
        appoint(connection, user_id=world.people["mi"], from_on=date(2018, 3, 1), **place)
    return browse("mi")


def running(world: World) -> tuple[str, str]:
    """One instance at each of two steps, and a newer version without the first of them."""
    world.deploy(planning=FIRST)
    first, second = world.start(), world.start(unit=world.unit("U2"))
    world.complete("ling2")
    world.deploy(planning=SECOND)
    return first, second


def test_instances_are_checked_moved_and_taken_back_by_rest(world: World, browse: Browse) -> None:
    first, second = running(world)
    client = designer(world, browse)
    plain = {"from": 1, "to": 2}
    found = client.post(f"{API}/processes/planning/migrations/check", json=plain).json()
    assert (found["running"], found["suggested"]) == (2, {})
    assert [(one["instance_id"], one["state"]) for one in found["items"]] == [
        (first, "refused"),
        (second, "fits"),
    ]
    assert found["items"][0]["obstacles"][0]["rule"] == "gone"
    assert {one["element"]: one["what"] for one in found["differences"]}["fill_in"] == "added"
    given = client.post(f"{API}/processes/planning/migrations", json=MOVE)
    assert (given.status_code, given.json()["counts"]) == (202, {"waiting": 2})
    order = f"{API}/migrations/{given.json()['id']}"
    world.engine.drain()
    assert client.get(order).json()["counts"] == {"moved": 2}
    assert world.item("lu").element_id == "fill_in"
    world.complete("tou2")
    assert client.post(f"{order}/undo").status_code == 202
    world.engine.drain()
    told = client.get(order).json()
    assert told["counts"] == {"back": 1, "stays": 1}
    assert told["items"][0] == {
        "instance_id": second,
        "state": "stays",
        "reason": "流程已经结束，不能退回旧版。",
    }
    assert world.item("ling").element_id == "fill"
    assert world.scalar("select count(*) from administration_event where act = 'migrate'") == 2


@ON_SQLITE
def test_who_may_not_deploy_neither_checks_nor_moves_nor_looks(world: World, browse: Browse) -> None:
    running(world)
    client = designer(world, browse)
    order = client.post(f"{API}/processes/planning/migrations", json=MOVE).json()["id"]
    for login in ("ling", "kao"):
        other = browse(login)
        for path in ("/processes/planning/migrations/check", "/processes/planning/migrations"):
            assert other.post(f"{API}{path}", json=MOVE).status_code == 403, (login, path)
        assert other.get(f"{API}/migrations/{order}").status_code == 403
        assert other.post(f"{API}/migrations/{order}/undo").status_code == 403
        assert other.get("/processes/planning/migrations").status_code == 403
        assert other.get(f"/processes/planning/migrations/{order}").status_code == 403
        form = {"from": "1", "to": "2", "sure": "yes"}
        assert other.post("/processes/planning/migrations", data=form).status_code == 403
    assert "迁移实例" not in browse("kao").get("/processes/planning").text


@ON_SQLITE
def test_what_is_asked_wrongly_is_said(world: World, browse: Browse) -> None:
    running(world)
    client = designer(world, browse)
    path = f"{API}/processes/planning/migrations"
    for sent, said in [
        ({"from": 1, "to": 3}, "没有第 3 版。"),
        ({"from": 1, "to": 2, "mapping": {"fill": "sign2"}}, "映射里的“sign2”不是新版里的元素。"),
        ({"from": 2, "to": 2}, "迁移要在两个不同的版本之间。"),
    ]:
        answer = client.post(path, json=sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "plan_refused")
        assert answer.json()["title"].startswith(said)
    assert client.post(f"{API}/processes/none/migrations", json=MOVE).status_code == 404
    assert client.get(f"{API}/migrations/none").status_code == 404
    unsure = client.post("/processes/planning/migrations", data={"from": "1", "to": "2"})
    assert unsure.status_code == 422 and "请先勾选确认" in unsure.text
    assert world.scalar("select count(*) from migration") == 0


def test_more_instances_than_a_page_looks_into_are_all_checked_in_the_background(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page looked into the oldest 300 only: where none of them fitted, it offered no move at all."""
    monkeypatch.setattr(migrating, "MOST_CHECKED", 1)
    first, _ = running(world)
    client = designer(world, browse)
    path, plain = "/processes/planning/migrations", {"from": "1", "to": "2"}
    page = client.get(path, params=plain).text
    assert "2 个进行中的实例，检查了 1 个：0 个可以迁移。" in page
    assert "全部检查（2 个）" in page and "开始迁移" in page
    told = client.post(f"{path}/check", data=plain)
    assert "正在检查：查完 0 个，共 2 个。" in client.get(told.headers["location"]).text
    world.engine.drain()
    page = client.get(told.headers["location"]).text
    assert "已全部检查，共 2 个；什么也没有改变。" in page and "回到迁移" in page
    assert "1 个：“办理fill”新版里没有这个环节，而实例正停在这里。" in page and first in page
    assert world.scalar("select count(*) from instance_migration where state = 'moved'") == 0
    assert "还没有。" in client.get(path, params=plain).text, "a look is no move"
    given = client.post(f"{API}{path}/check-all", json=MOVE)
    assert (given.status_code, given.json()["only_looks"]) == (202, True)
    world.engine.drain()
    found = client.get(f"{API}/migrations/{given.json()['id']}").json()
    assert (found["counts"], found["reasons"]) == ({"fits": 2}, [])
    assert browse("kao").post(f"{API}{path}/check-all", json=MOVE).status_code == 403
    assert browse("kao").post(f"{path}/check", data=plain).status_code == 403


@ON_SQLITE
def test_the_page_shows_differences_asks_for_the_mapping_and_follows_the_move(
    world: World, browse: Browse
) -> None:
    first, _ = running(world)
    client = designer(world, browse)
    assert "迁移实例" in client.get("/processes/planning").text
    page = client.get("/processes/planning/migrations", params={"from": "1", "to": "2"}).text
    assert "2 个进行中的实例，检查了 2 个：1 个可以迁移。" in page
    assert "1 个：“办理fill”新版里没有这个环节，而实例正停在这里。" in page and first in page
    assert '<option value="fill=fill_in">填写（fill_in）</option>' in page
    asked = {"from": "1", "to": "2", "map": "fill=fill_in"}
    page = client.get("/processes/planning/migrations", params=asked).text
    assert "：2 个可以迁移。" in page and '<option value="fill=fill_in" selected>' in page
    given = client.post("/processes/planning/migrations", data=asked | {"sure": "yes"})
    assert given.status_code == 303
    here = given.headers["location"]
    waiting = client.get(here)
    assert "正在迁移：办完 0 个，共 2 个。" in waiting.text and waiting.headers["refresh"] == "2"
    world.engine.drain()
    done = client.get(here)
    assert "已办完，共 2 个。" in done.text and "refresh" not in done.headers
    back = client.post(f"{here}/undo", data={"sure": "yes"})
    world.engine.drain()
    assert "已退回 2" in client.get(back.headers["location"]).text
    assert re.search(r"第 1 版 → 第 2 版", client.get("/processes/planning/migrations").text)
