"""A task of a post that nobody holds goes to somebody else, who is told why."""

import pytest

from engine.store import Database, Row
from engine.work.notices import notices_of
from tests.engine.runtime.world import World, build_world, in_a_row, user


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def notices(world: World, login: str) -> list[Row]:
    with world.engine.database.read() as connection:
        return notices_of(connection, world.person(login))


def test_the_head_hears_why_a_task_of_a_vacant_post_comes_to_them(world: World) -> None:
    world.deploy(planning=in_a_row(user("check", "unit.vice_head")))
    instance = world.start(unit=world.unit("U2"))
    item = world.item("tou2")
    [notice] = notices(world, "tou2")
    assert (notice["kind"], notice["item_id"]) == ("vacant", item.item_id)
    assert notice["instance_id"] == instance
    said = notice["params_json"]
    assert said["element"] == "check"
    assert "目前无人任职，已交该单位主要负责人。" in said["notice"]
    assert notices(world, "ling2") == []


def test_the_office_hears_it_when_the_unit_has_no_head_either(world: World) -> None:
    world.deploy(planning=in_a_row(user("check", "unit.vice_head")))
    world.start(unit=world.unit("U3"))
    assert "已交绩效办。" in notices(world, "ban1")[0]["params_json"]["notice"]


def test_a_held_post_gets_no_such_notice(world: World) -> None:
    world.deploy(planning=in_a_row(user("check", "unit.vice_head")))
    world.start()
    assert notices(world, "lu") == []
    assert world.scalar("select count(*) from notification") == 0
