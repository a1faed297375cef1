"""通知渠道: an administrator sees how each way out fares and tries it; secrets stay in the settings."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.outgoing.channels import NoticeChannel, Webhook
from api.outgoing.noticing import notice_rules
from api.settings import Settings
from engine.runtime.engine import Engine
from engine.runtime.outbox import Letter
from tests.api.conftest import Browse
from tests.api.test_notice_settings import running
from tests.engine.people.conftest import City
from tests.engine.runtime.notices.telling import PostOffice
from tests.engine.runtime.test_incidents import open_ones
from tests.engine.runtime.world import World

KEY, SECRET, TOKEN, MAIL_PASSWORD = "ding-access-token-77", "s" * 24, "path-token-4711", "geheim-geheim"
API = "/api/v1/notice-channels"


class Hooks:
    """Webhooks whose other side answers with what it should not."""

    def __init__(self) -> None:
        self.taken: list[Letter] = []

    def __call__(self, letter: Letter) -> None:
        self.taken.append(letter)
        raise ConnectionError(f"https://todo.hz.example/{TOKEN}: 500 for {SECRET}")


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "mail_host": "mail.hz.example",
            "mail_password": MAIL_PASSWORD,
            "todo_webhook": "centre",
            "webhooks": {"centre": Webhook(url=f"https://todo.hz.example/{TOKEN}", secret=SECRET)},
            "notice_channels": {"ding": NoticeChannel(name="钉钉群", url=f"dingtalk://{KEY}/{{phone}}")},
        }
    )


@pytest.fixture
def world(world: World, settings: Settings, office: PostOffice, hooks: Hooks) -> World:
    """The world with an administrator of its people, and one of only a unit's."""
    database = world.engine.database
    world.engine = Engine(
        database,
        clock=world.clock,
        bindings=world.engine.setup.bindings,
        senders={"mail": office, "chat": office, "webhook": hooks},
        notices=notice_rules(settings.model_copy(update={"todo_webhook": ""})),
    )
    with database.write() as connection:
        world.people["admin"] = City(connection, world.units).add_person(
            "admin", "C0 admin.system", name="管"
        )
        world.people["shen"] = City(connection, world.units).add_person("shen", "C0 admin.audit", name="审")
        connection.exec_driver_sql(
            "update user_account set must_change_password = false, email = login || '@hz.example',"
            " password_hash = (select max(password_hash) from user_account where login = 'ling')"
        )
    return world


def state(browser: TestClient, key: str) -> dict[str, Any]:
    items = browser.get(API).json()["items"]
    return next(one for one in items if one["key"] == key)


def test_each_way_says_how_it_fares_and_a_test_goes_to_who_asked(
    world: World, browse: Browse, office: PostOffice
) -> None:
    admin = browse("admin")
    said = running(admin, "/people/channels")
    assert "邮件 mail.hz.example:25 还没有用过" in said
    assert "没有设置的：企业微信、飞书。" in said
    assert admin.post("/people/channels/test", data={"way": "mail"}).status_code == 303
    world.engine.drain()
    assert [(one.recipient, one.kind) for one in office.taken] == [("admin@hz.example", "mail")]
    assert "由管在通知渠道页面发出" in office.taken[0].content
    found = state(admin, "mail")
    assert (found["failing"], found["failed_at"], bool(found["sent_at"])) == (False, None, True)
    assert "正常" in running(admin, "/people/channels")
    no_phone = admin.post("/people/channels/test", data={"way": "chat:ding"})
    assert no_phone.status_code == 422 and "您在“钉钉群”没有地址" in no_phone.text
    audited = running(browse("shen"), "/audit")
    assert "测试通知渠道 邮件" in audited


def test_a_test_that_fails_says_why_without_secrets_and_troubles_nobody_else(
    world: World, browse: Browse, office: PostOffice, hooks: Hooks
) -> None:
    admin = browse("admin")
    office.refusing = True
    for key in ("mail", "webhook:centre"):
        assert admin.post(f"{API}/test", json={"key": key}).status_code == 202
    world.engine.drain()
    assert [one.subject for one in hooks.taken] == ["test"]
    assert (state(admin, "mail")["failing"], state(admin, "mail")["last_error"]) == (True, "nobody listens")
    assert state(admin, "webhook:centre")["last_error"] == "https://todo.hz.example/…: 500 for …"
    world.clock.advance(timedelta(hours=1))
    world.engine.drain()
    assert len(office.tried) == 1, "a test is not tried again"
    assert open_ones(world) == []
    assert world.scalar("select count(*) from outbox") == 0
    page = admin.get("/people/channels").text
    assert "发不出去" in page
    assert not any(secret in page for secret in (KEY, SECRET, TOKEN, MAIL_PASSWORD))
    office.refusing = False
    admin.post(f"{API}/test", json={"key": "mail"})
    world.engine.drain()
    assert not state(admin, "mail")["failing"]


def test_only_who_keeps_the_people_of_the_whole_assessor_sees_the_ways(world: World, browse: Browse) -> None:
    for login in ("ling", "shen", "kao"):
        browser = browse(login)
        assert browser.get("/people/channels").status_code == 403
        assert browser.post("/people/channels/test", data={"way": "mail"}).status_code == 403
    assert browse("admin").post(f"{API}/test", json={"key": "webhook:nowhere"}).status_code == 404
    assert world.scalar("select count(*) from outbox") == 0
