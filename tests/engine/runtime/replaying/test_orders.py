"""Replays by order: played in the background without keeping anybody from writing, and looked at later."""

import pytest

from engine.runtime.replaying import orders
from engine.runtime.replaying.orders import Wanted, give_order
from engine.runtime.setup import Actor
from engine.store import Database
from tests.engine.runtime.replaying.test_replay import CHILD, dated, judged
from tests.engine.runtime.world import World, build_world

DESIGNER = Actor("d", "何秘")


@pytest.fixture
def world(database: Database) -> World:
    from decimal import Decimal

    return build_world(database, {"test.count": lambda call: {"points": Decimal(80)}})


def ordered(world: World, content: bytes) -> str:
    files = {"planning.bpmn": content}
    with world.engine.database.write() as connection:
        return give_order(
            world.engine.setup, connection, Wanted("planning", "planning.bpmn", files=files), by=DESIGNER
        )


def worked(world: World, unit: str, liaison: str, head: str) -> str:
    instance_id = world.start(unit=world.unit(unit))
    world.complete(liaison, "fill", fields={"value": "49"})
    world.complete(head, "judge", outcome="pass")
    return instance_id


def test_what_was_ordered_is_played_in_the_background_and_counted(world: World) -> None:
    world.deploy(planning=dated(10))
    instances = [worked(world, "U1", "ling", "tou"), worked(world, "U2", "ling2", "tou2")]
    stricter = dated(17, post="vice_head").replace(b'outcome = "pass"', b'outcome = "never"')
    order_id = ordered(world, stricter)
    with world.engine.database.read() as connection:
        assert orders.counts(connection, order_id) == {"waiting": 2}
    world.engine.drain()
    with world.engine.database.read() as connection:
        assert orders.counts(connection, order_id) == {"other": 2}
        [why] = orders.reasons(connection, order_id)
        told = {(one["name"], one["kind"]): one for one in orders.changes(connection, order_id)}
        parted = orders.parted(connection, order_id)
        [listed] = orders.orders(connection, "planning")
    assert (why["count"], why["example"]) == (2, instances[0])
    assert why["reason_text"].startswith("在“评定”：当时到“已完成”，新版到“填报、催报”。“通过？”在新版里")
    assert "49" not in why["reason_text"], "the data stands apart"
    assert told["填报", "due"]["count"] == 2
    assert (told["填报", "due"]["old_text"], told["填报", "due"]["new_text"]) == ("2018-03-10", "2018-03-17")
    assert told["评定", "who"]["new_text"] == "市旅游委员会 · 分管领导"
    assert [one["instance_id"] for one in parted] == instances
    assert parted[0]["seen_text"] == '["outcome = “pass”"]'
    assert (listed["total"], listed["same"]) == (2, 0)


def test_a_replay_of_many_instances_keeps_nobody_from_writing_while_it_plays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each job plays some, outside a transaction, and leaves the rest to the next."""
    monkeypatch.setattr(orders, "BATCH", 1)
    world.deploy(planning=dated(10))
    for unit, liaison, head in (("U1", "ling", "tou"), ("U2", "ling2", "tou2")):
        worked(world, unit, liaison, head)
    order_id = ordered(world, dated(10))
    written: list[str] = []
    played = orders.replay

    def while_played(*given: object, **named: object) -> object:
        world.start(drain=False)  # an act of somebody else, on SQLite's only writer
        written.append("started")
        return played(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(orders, "replay", while_played)
    world.engine.drain()
    with world.engine.database.read() as connection:
        assert orders.counts(connection, order_id) == {"same": 2}
    assert len(written) == 2


def test_a_job_that_was_run_twice_judges_once(world: World) -> None:
    world.deploy(planning=dated(10))
    worked(world, "U1", "ling", "tou")
    ordered(world, dated(17))
    from engine.jobs.queue import due_jobs

    with world.engine.database.read() as connection:
        [job] = due_jobs(connection, limit=5)
    assert orders.play(world.engine.setup, job)
    assert not orders.play(world.engine.setup, job)
    assert world.scalar("select count(*) from replay_change") == 1


def test_only_the_newest_orders_of_a_process_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "KEPT_ORDERS", 1)
    world.deploy(planning=judged(), fill_in=CHILD)
    world.start()
    first = ordered(world, judged())
    world.engine.drain()
    second = ordered(world, judged())
    world.engine.drain()
    with world.engine.database.read() as connection:
        assert [row["id"] for row in orders.orders(connection, "planning")] == [second]
        with pytest.raises(orders.UnknownReplay):
            orders.read_order(connection, first)
        assert orders.counts(connection, first) == {}


def test_the_instance_of_which_something_unforeseen_fails_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(planning=dated(10))
    worked(world, "U1", "ling", "tou")

    def broken(*_given: object, **_named: object) -> object:
        raise RuntimeError("坏了")

    monkeypatch.setattr(orders, "replay", broken)
    order_id = ordered(world, dated(10))
    world.engine.drain()
    with world.engine.database.read() as connection:
        assert orders.counts(connection, order_id) == {"incomplete": 1}
        [why] = orders.reasons(connection, order_id)
    assert why["reason_text"] == "回放这个实例时出错：坏了"
