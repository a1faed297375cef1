"""What leaves the house is written in the step, sent after it, at least once, under one key."""

from typing import Any

import pytest

from engine.jobs import queue
from engine.runtime import outbox
from engine.runtime.engine import Engine
from engine.runtime.outbox import Letter
from engine.store import Database
from engine.verbs.tokens.mending import Mending, mend
from engine.work.bindings import ServiceCall
from tests.engine.runtime.test_incidents import hurry, open_ones, the_one
from tests.engine.runtime.world import World, build_world, in_a_row, service, user

TO = '<zeebe:input source="= to" target="to" />'
WORDS = '<zeebe:input source="公示开始" target="subject" /><zeebe:input source="= words" target="text" />'
MAILED = in_a_row(service("tell", "bihuan:mail", retries=1, inputs=TO + WORDS), user("fill", "unit.liaison"))


class Post:
    """A world outside that refuses the first letters."""

    def __init__(self, *, refusing: int = 0) -> None:
        self.refusing = refusing
        self.tried: list[Letter] = []
        self.taken: list[Letter] = []

    def __call__(self, letter: Letter) -> None:
        self.tried.append(letter)
        if len(self.tried) <= self.refusing:
            raise ConnectionRefusedError("nobody listens")
        self.taken.append(letter)


def world_with(database: Database, post: Post | None, services: Any = None) -> World:
    world = build_world(database, services)
    world.engine = Engine(
        database,
        clock=world.clock,
        bindings=world.engine.setup.bindings,
        senders={"mail": post, "webhook": post} if post else {},
        send_attempts=3,
    )
    return world


def test_a_letter_is_tried_again_under_the_same_key_and_the_process_does_not_wait(database: Database) -> None:
    post = Post(refusing=2)
    world = world_with(database, post)
    world.deploy(planning=MAILED)
    instance = world.start(to=["a@example.cn", "b@example.cn", "a@example.cn"], words="请登录查看。")
    assert world.item("ling").element_id == "fill"
    hurry(world)
    assert sorted(one.recipient for one in post.taken) == ["a@example.cn", "b@example.cn"]
    assert len(post.tried) == 4
    assert len({one.id for one in post.tried}) == 2, "a further attempt goes under the same key"
    assert {(one.subject, one.content, one.element_id) for one in post.taken} == {
        ("公示开始", "请登录查看。", "tell")
    }
    assert {one.instance_id for one in post.taken} == {instance}
    assert world.scalar("select count(*) from outbox where sent_at is not null") == 2
    assert world.scalar("select count(*) from job") == 0


def test_a_step_that_fails_sends_nothing(database: Database) -> None:
    post = Post()

    def fails(call: ServiceCall) -> dict[str, Any]:
        letter = Letter("mail", "a@example.cn", "x", subject="x", cycle_id=call.cycle_id)
        outbox.put(world.engine.setup, call.connection, [letter])
        raise RuntimeError("after the letter was written")

    world = world_with(database, post, {"test.work": fails})
    world.deploy(planning=in_a_row(service("work", "test.work", retries=2)))
    world.start()
    hurry(world)
    assert post.tried == []
    assert world.scalar("select count(*) from outbox") == 0


def test_after_the_last_attempt_it_is_an_incident_that_the_office_retries(database: Database) -> None:
    post = Post(refusing=3)
    world = world_with(database, post)
    world.deploy(planning=MAILED)
    instance = world.start(to="a@example.cn", words="x")
    hurry(world)
    found = the_one(world)
    assert (found["kind"], found["element_id"], found["code"]) == ("send", "tell", "not-taken")
    assert found["message"] == "对方没有收下：nobody listens"
    assert found["attempts"] == 3
    world.complete("ling")
    assert world.status(instance) == "completed", "the process has long gone on"
    mend(world.engine, world.person("kao"), found["id"], "retry", Mending())
    world.engine.drain()
    assert [one.recipient for one in post.taken] == ["a@example.cn"]
    assert open_ones(world) == []


def test_where_nothing_is_set_up_the_letter_waits_for_the_office(database: Database) -> None:
    world = world_with(database, None)
    world.deploy(planning=MAILED)
    world.start(to="a@example.cn", words="x")
    hurry(world)
    assert the_one(world)["code"] == "no-sender"


@pytest.mark.parametrize("to", ["", "no address", "a@b\nBcc: c@d", [], ["a@example.cn", "nobody"]])
def test_what_is_no_address_stops_at_the_step_that_names_it(to: Any, database: Database) -> None:
    world = world_with(database, Post())
    world.deploy(planning=MAILED)
    world.start(to=to, words="x")
    found = the_one(world)
    assert (found["kind"], found["element_id"], found["code"]) == ("service", "tell", "wrong-letter")


def test_who_dies_while_sending_is_followed_by_another_and_two_never_send_at_once(
    database: Database,
) -> None:
    """A letter that somebody began to send is left alone, until it is so old that they must be dead."""
    post = Post()
    world = world_with(database, post)
    world.deploy(planning=MAILED)
    world.start(to="a@example.cn", words="x", drain=False)
    with database.read() as connection:
        (service_job,) = queue.due(connection, limit=5)
    from engine.runtime.background.running import run_job

    run_job(world.engine.setup, service_job)
    with database.write() as connection:
        far = "9999-01-01 00:00:00.000000+00:00"
        connection.exec_driver_sql(f"update outbox set claimed_at = '{far}'")
    world.engine.drain()
    assert post.tried == []
    with database.write() as connection:
        long_ago = "2018-01-01 00:00:00.000000+00:00"
        connection.exec_driver_sql(f"update outbox set claimed_at = '{long_ago}'")
    hurry(world)
    assert len(post.taken) == 1
