"""通知: what the engine and the stages write comes out as sentences a person can read, kind by kind."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

from fastapi.testclient import TestClient
from sqlalchemy import Connection

from engine.people.memberships import appoint, end_membership, memberships_of
from engine.work.rerouting import settle
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import upon
from tests.processes.city import City

OVERDUE = datetime(2018, 3, 9, 16, 30, tzinfo=UTC)
"""Half past midnight of 10 March in Shanghai: the day of reporting is over."""


def sentences(client: TestClient) -> str:
    """The page of notices as running text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get("/notifications").text)).split())


@ON_SQLITE
def test_who_gets_a_task_handed_over_reads_from_whom_and_why(world: World, browse: Browse) -> None:
    """The notice named the step and the reason, not what had happened."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报", verbs="hand_over")))
    world.start()
    world.act("ling", "hand_over", people=(world.people["lu"],), opinion="下周出差")
    assert "张玲转办给您：填报 · " in sentences(browse("lu"))
    assert "（下周出差）" in sentences(browse("lu"))


@ON_SQLITE
def test_who_fills_a_vacant_post_reads_which_task_comes_back_to_it(world: World, browse: Browse) -> None:
    """The notice said that something had come back, and not what."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报")))
    day = date(2018, 3, 1)

    def settled(change: Callable[[Connection], object]) -> None:
        with world.engine.database.write() as connection:
            change(connection)
            settle(connection, at=world.clock.now(), today=day)

    def leave(connection: Connection) -> None:
        for held in memberships_of(connection, world.people["ling"]):
            end_membership(connection, held.id, until_on=date(2018, 2, 28))

    place = {"user_id": world.people["ling2"], "unit_id": world.units["U1"], "post_key": "liaison"}
    world.start()
    settled(leave)
    settled(lambda connection: appoint(connection, **place, from_on=day))
    assert "转来待办：填报 · " in sentences(browse("ling2"))
    assert "原岗位已有人任职，交回该岗位办理。" in sentences(browse("ling2"))


@ON_SQLITE
def test_the_heads_overdue_notice_names_units_not_characters(city: City, visit: Browse) -> None:
    city.start("U20", "U39")
    city.clock.set(OVERDUE)
    city.engine.drain()
    text = sentences(visit("office.head"))
    assert "2018 年度目标有 2 家单位逾期未报：市旅委、市环保局" in text


def test_units_hear_of_the_deadline_before_and_after_it_in_whole_sentences(city: City, visit: Browse) -> None:
    city.start("U20")
    city.clock.set(OVERDUE - timedelta(days=1))
    city.engine.drain()
    soon = sentences(visit("u20.liaison"))
    assert "市旅委 2018 年度目标快到报送期限了。" in soon
    assert "快到期了：分办目标 · 市旅委" in soon
    city.clock.set(OVERDUE)
    city.engine.drain()
    assert "市旅委 2018 年度目标已过报送期限，还没有报送。" in sentences(visit("u20.deputy"))


@ON_SQLITE
def test_every_kind_of_notice_the_city_writes_has_a_sentence_of_its_own(city: City, visit: Browse) -> None:
    city.start("U20", "U39")
    for moment in (OVERDUE - timedelta(days=1), OVERDUE + timedelta(days=3)):
        city.clock.set(moment)
        city.engine.drain()
    kinds = {row["kind"] for row in city.rows("select distinct kind from notification")}
    assert {"remind", "planning.soon_due", "planning.overdue", "planning.overdue_units"} <= kinds
    for login in ("office.head", "u20.liaison", "u20.division", "u20.deputy", "u20.head"):
        text = sentences(visit(login))
        assert not re.search(r"planning\.|None|\{|、、", text), text


@ON_SQLITE
def test_who_gets_the_task_of_a_vacant_post_reads_why(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("check", "unit.vice_head", name="分管审核")))
    world.start(unit=world.unit("U2"))
    text = sentences(browse("tou2"))
    assert "转来待办：分管审核 · " in text
    assert "目前无人任职，已交该单位主要负责人。" in text


@ON_SQLITE
def test_who_was_sent_work_back_reads_that_it_was_taken_back(world: World, browse: Browse) -> None:
    steps = (
        user("fill", "unit.liaison", name="填报"),
        user("sign", "unit.head", form_id="review", verbs="return_to"),
    )
    world.deploy(planning=in_a_row(*steps))
    instance = world.start()
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="请补充")
    upon(world, "tou", "take_back", instance, "看错了")
    assert "王局撤回了退回，这项任务不用再办：填报 · 市旅游委员会（看错了）" in sentences(browse("ling"))
    assert f'href="/instances/{instance}"' in browse("ling").get("/notifications").text
