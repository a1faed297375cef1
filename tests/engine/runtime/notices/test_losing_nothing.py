"""No notice twice, none lost: the mail server away, two workers at once, a worker killed in the middle."""

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import text

from engine.runtime.notices import rounds
from engine.runtime.outbox import Letter
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.tokens.mending import Mending, mend
from engine.verbs.visit import Request
from engine.work.notices import notices_of
from tests.engine.runtime.notices.telling import (
    STEPS,
    PostOffice,
    at,
    engine_of,
    set_clock,
    telling_world,
    wish,
)
from tests.engine.runtime.test_incidents import hurry, open_ones
from tests.engine.runtime.world import World


class Killed(BaseException):
    """The machine is gone: nothing after this line is done, nor undone."""


def at_once(world: World, *logins: str) -> None:
    """These people want their new tasks by mail at once."""
    for login in logins:
        wish(world, login, "task", "mail", "now")


def test_a_server_that_is_away_for_long_is_an_incident_and_the_office_sends_again(database: Database) -> None:
    office = PostOffice(refusing=True)
    world = telling_world(database, office)
    at_once(world, "ling")
    world.deploy(planning=STEPS)
    instance = world.start()
    hurry(world)
    assert len(office.tried) == 3
    assert {one.id for one in office.tried} == {world.scalar("select letter_id from notice_delivery")}
    (found,) = [row for row in open_ones(world) if row["kind"] == "send"]
    assert (found["code"], found["message"]) == ("not-taken", "对方没有收下：nobody listens")
    assert world.scalar("select last_error from outbox") == "nobody listens"
    with database.read() as connection:
        told = [row["kind"] for row in notices_of(connection, world.person("ban1"))]
    assert told == ["incident"], "the office reads of it on the page"
    assert not any(one.recipient.startswith("ban1") for one in office.tried), "and not by what is broken"
    assert world.status(instance) == "running"
    office.refusing = False
    mend(world.engine, world.person("ban1"), found["id"], "retry", Mending())
    world.engine.drain()
    assert office.of("ling@") == ["task: 市旅游委员会"]
    assert [row for row in open_ones(world) if row["kind"] == "send"] == []


def test_a_server_that_comes_back_gets_each_letter_once(database: Database) -> None:
    office = PostOffice(refusing=True)
    world = telling_world(database, office, attempts=9)
    at_once(world, "ling")
    world.deploy(planning=STEPS)
    world.start()
    hurry(world)
    office.refusing = False
    hurry(world)
    hurry(world)
    assert office.of("ling@") == ["task: 市旅游委员会"]
    assert open_ones(world) == []


def test_who_is_killed_between_sending_and_noting_it_sends_the_same_letter_again_and_no_other(
    database: Database,
) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    at_once(world, "ling")
    world.deploy(planning=STEPS)

    def dies(letter: Letter) -> None:
        office(letter)
        raise Killed

    mortal = engine_of(world, database, office)
    mortal.setup.senders["mail"] = dies  # type: ignore[index]
    world.start(drain=False)
    with pytest.raises(Killed):
        mortal.drain()
    world.engine.drain()
    assert len(office.taken) == 1, "while it may still be alive nobody else sends"
    with database.write() as connection:
        connection.execute(
            text("update outbox set claimed_at = :ago"), {"ago": "2018-01-01 00:00:00.000000+00:00"}
        )
    hurry(world)
    first, second = office.taken
    assert (first.id, first.subject, first.content) == (second.id, second.subject, second.content)
    assert second.attempt == 2
    assert world.scalar("select count(*) from notice_delivery") == 1


def test_who_is_killed_while_writing_leaves_everything_to_the_next(database: Database) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    at_once(world, "ling")
    world.deploy(planning=STEPS)

    def dies(*_given: Any) -> Any:
        raise Killed

    mortal = engine_of(world, database, office, wording=dies)
    world.start(drain=False)
    with pytest.raises(Killed):
        rounds.go_round(mortal.setup)
    assert world.scalar("select count(*) from notice_delivery") == 0
    world.engine.drain()
    assert office.of("ling@") == ["task: 市旅游委员会"]


def test_two_workers_at_once_write_one_letter_and_one_digest_a_day(database: Database) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    at_once(world, "ling")
    world.deploy(planning=STEPS)
    others = [world.engine, engine_of(world, database, office)]
    failures: list[BaseException] = []

    def both(moment: str) -> None:
        set_clock(world, moment)
        ready = Barrier(2)

        def work(number: int) -> None:
            try:
                ready.wait()
                others[number].drain()
            except BaseException as failure:
                failures.append(failure)

        threads = [Thread(target=work, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for _ in range(4):
        world.start(drain=False)
    both("2018-03-01 10:00")
    assert sum(one.count("task") for one in office.of("ling@")) == 4
    for item in world.inbox("ling")[:2]:
        act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=item.lock_version))
    both("2018-03-01 11:00")
    both("2018-03-02 08:30")
    both("2018-03-02 08:31")
    assert failures == []
    assert [one.splitlines() for one in office.of("tou@")] == [["task: 市旅游委员会"] * 2]
    assert world.scalar("select count(*) from notice_digest where channel = 'mail'") == 1


def test_what_cannot_be_put_into_words_is_said_plainly_and_stops_nothing(database: Database) -> None:
    office = PostOffice()

    def fails(*_given: Any) -> Any:
        raise KeyError("no such name")

    world = telling_world(database, office, wording=fails)
    at_once(world, "ling")
    world.deploy(planning=STEPS)
    world.start()
    assert office.of("ling@") == ["task: 市旅游委员会"]
    at(world, "2018-03-01 12:00")
    assert open_ones(world) == []
