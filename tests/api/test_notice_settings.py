"""Each person chooses what to be told, how and when; addresses count once their code came back."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.outgoing.wording import wording
from engine.runtime.engine import Engine
from engine.runtime.notices import addresses
from engine.runtime.notices.rules import Channel, NoticeRules
from engine.store import insert_rows
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.notices.telling import PostOffice
from tests.engine.runtime.test_incidents import hurry, open_ones
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"
CHANNELS = {
    "mail": Channel("mail", "邮件", "mail", "email"),
    "wecom": Channel("wecom", "企业微信", "chat", "address"),
}


@pytest.fixture
def office() -> PostOffice:
    """Where letters go."""
    return PostOffice()


@pytest.fixture
def world(world: World, office: PostOffice) -> World:
    """The world, with mail and a bot, and whole sentences in letters."""
    rules = NoticeRules(channels=CHANNELS, wording=wording("https://jixiao.hz.example/"), attempts=2)
    world.engine = Engine(
        world.engine.database,
        clock=world.clock,
        bindings=world.engine.setup.bindings,
        senders={"mail": office, "chat": office},
        notices=rules,
    )
    return world


def running(client: TestClient, path: str) -> str:
    """A page as running text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def tasks_at_once(client: TestClient, channel: str) -> None:
    """The person wants new tasks at once on a channel, and all else as usual."""
    wish = {"kind": "task", "channel": channel, "how": "now"}
    assert client.put(f"{API}/me/notice-settings", json={"wishes": [wish]}).status_code == 200


def code_in(office: PostOffice) -> str:
    found = re.search(r"\d{6}", office.taken[-1].content)
    assert found
    return found[0]


def test_a_person_chooses_on_the_page_and_by_program_and_is_told_accordingly(
    world: World, office: PostOffice, browse: Browse
) -> None:
    ling = browse("ling")
    before = ling.get(f"{API}/me/notice-settings").json()
    assert {(one["kind"], one["how"]) for one in before["wishes"] if one["channel"] == "mail"} >= {
        ("task", "digest"), ("urged", "now"),
    }  # fmt: skip
    assert not any(one["chosen"] for one in before["wishes"])
    assert "您还没有选过，这些是默认值" in running(ling, "/account/notices")
    form = {
        "how.task.mail": "now",
        "digest_time": "09:15",
        "quiet_from": "",
        "quiet_until": "",
        "working_days": "yes",
    }
    assert ling.post("/account/notices", data=form).status_code == 303
    wrong = ling.post("/account/notices", data={**form, "quiet_from": "22:00"})
    assert wrong.status_code == 422
    assert "免打扰时间要写开始和结束两个时刻" in wrong.text
    seen = ling.get(f"{API}/me/notice-settings").json()
    assert seen["habit"] == {
        "quiet_from": "",
        "quiet_until": "",
        "digest_time": "09:15",
        "working_days": True,
    }
    with world.engine.database.write() as connection:
        connection.execute(text("update user_account set email = 'ling@hz.example' where login = 'ling'"))
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报目标", due='= date("2018-03-09")')))
    world.start()
    (letter,) = office.taken
    assert letter.subject == "新任务：填报目标 · 市旅游委员会（期限 2018-03-09）"
    item = world.item("ling").item_id
    assert f"https://jixiao.hz.example/tasks/{item}" in letter.content
    wish = [{"kind": "task", "channel": "mail", "how": "off"}]
    changed = ling.put(f"{API}/me/notice-settings", json={"wishes": wish})
    assert [one["how"] for one in changed.json()["wishes"] if one["chosen"]] == ["off"]
    world.start()
    assert len(office.taken) == 1
    other = browse("ling2").get(f"{API}/me/notice-settings").json()
    assert not any(one["chosen"] for one in other["wishes"]), "nobody chooses for another"


@ON_SQLITE
def test_what_does_not_exist_cannot_be_chosen(world: World, browse: Browse) -> None:
    ling = browse("ling")
    for wish, status in (
        ({"kind": "task", "channel": "pigeon", "how": "now"}, 404),
        ({"kind": "gossip", "channel": "mail", "how": "now"}, 422),
        ({"kind": "task", "channel": "mail", "how": "maybe"}, 422),
    ):
        assert ling.put(f"{API}/me/notice-settings", json={"wishes": [wish]}).status_code == status
    habit = {"quiet_from": "25:00", "quiet_until": "07:00", "digest_time": "08:30", "working_days": True}
    refused = ling.put(f"{API}/me/notice-settings", json={"wishes": [], "habit": habit})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "quiet_from")


def test_an_address_of_ones_own_counts_once_its_code_came_back(
    world: World, office: PostOffice, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling = browse("ling")
    key = "0123456789abcdef-WXYZ"
    assert ling.post("/account/notices/addresses/wecom", data={"address": key}).status_code == 303
    too_often = ling.post("/account/notices/addresses/wecom", data={"address": key})
    assert "验证码刚刚发过" in too_often.text
    world.engine.drain()
    assert office.taken[-1].recipient == key
    page = running(ling, "/account/notices")
    assert "发到 …WXYZ 的验证码" in page and key not in page, "a bot's key is not shown again"
    right = code_in(office)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(2):
        refused = ling.post(f"{API}/me/notice-addresses/wecom/confirm", json={"code": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, "wrong_code")
    assert ling.post(f"{API}/me/notice-addresses/wecom/confirm", json={"code": right}).status_code == 204
    assert ling.post(f"{API}/me/notice-addresses/wecom/confirm", json={"code": right}).status_code == 422
    ways = ling.get(f"{API}/me/notice-settings").json()["ways"]
    way = next(one for one in ways if one["channel"] == "wecom")
    assert (way["reaches"], way["verified"]) == ("…WXYZ", True)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    tasks_at_once(ling, "wecom")
    world.start()
    assert office.taken[-1].recipient == key
    assert ling.delete(f"{API}/me/notice-addresses/wecom").status_code == 204
    sent = len(office.taken)
    world.start()
    assert len(office.taken) == sent


@ON_SQLITE
def test_a_code_is_good_for_five_tries_and_half_an_hour(
    world: World, office: PostOffice, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling = browse("ling")
    monkeypatch.setattr(addresses, "EVERY", timedelta(0))
    post: Callable[[str], Any] = lambda code: ling.post(  # noqa: E731
        f"{API}/me/notice-addresses/mail/confirm", json={"code": code}
    )
    ling.post(f"{API}/me/notice-addresses/mail", json={"address": "ling@other.example"})
    world.engine.drain()
    right = code_in(office)
    assert [post("nonsense").status_code for _ in range(5)] == [422] * 5
    assert post(right).status_code == 422, "guessed at too often"
    monkeypatch.setattr(addresses, "LASTS", timedelta(0))
    ling.post(f"{API}/me/notice-addresses/mail", json={"address": "ling@other.example"})
    world.engine.drain()
    assert post(code_in(office)).status_code == 422, "too late"
    for address in ("nobody", "a@b c", "x@y>", ""):
        assert ling.post(f"{API}/me/notice-addresses/mail", json={"address": address}).status_code == 422
    assert world.scalar("select address from notice_address") == ""


def test_administrators_see_what_was_told_to_whom_and_never_what(
    world: World, office: PostOffice, browse: Browse
) -> None:
    with world.engine.database.write() as connection:
        connection.execute(text("update user_account set email = login || '@hz.example'"))
        grant = {"id": "g", "post_key": "office.head", "act": "see_people", "reach": "assessor"}
        insert_rows(connection, "right_grant", [grant])
    office.refusing = True
    ling = browse("ling")
    tasks_at_once(ling, "mail")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报目标")))
    world.start()
    kao = browse("kao")
    page = running(kao, "/people/notices")
    assert "张玲 ling 新任务 邮件 ling@hz.example" in page
    assert "没有发出，会再试" in page and "nobody listens" in page
    assert "填报目标" not in page
    listed = kao.get(f"{API}/notice-deliveries", params={"open": True, "login": "ling"}).json()["items"]
    assert [(one["kind"], one["state"], one["attempts"]) for one in listed] == [("task", "failing", 1)]
    assert kao.get(f"{API}/notice-deliveries", params={"channel": "wecom"}).json()["items"] == []
    assert ling.get("/people/notices").status_code == 403
    assert ling.get(f"{API}/notice-deliveries").status_code == 403


def test_a_letter_that_did_not_arrive_waits_for_the_office_which_sends_it_again(
    world: World, office: PostOffice, browse: Browse
) -> None:
    with world.engine.database.write() as connection:
        connection.execute(text("update user_account set email = login || '@hz.example'"))
    office.refusing = True
    tasks_at_once(browse("ling"), "mail")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报目标")))
    world.start()
    hurry(world)
    kao = browse("kao")
    (found,) = [row for row in open_ones(world) if row["kind"] == "send"]
    told = running(browse("ban1"), "/notifications")
    assert "发到外面的信没有送到：mail" in told
    path = f"/office/incidents/{found['id']}"
    page = kao.get(path)
    assert page.status_code == 200
    assert "nobody listens" in page.text
    assert browse("ling").get(path).status_code in (403, 404)
    office.refusing = False
    version = kao.get(f"{API}/incidents/{found['id']}").json()["version"]
    answer = kao.post(f"{path}/retry", data={"version": version, "reason": "邮件服务器已恢复"})
    assert answer.status_code == 303, answer.text
    world.engine.drain()
    assert [one.recipient for one in office.taken] == ["ling@hz.example"]
