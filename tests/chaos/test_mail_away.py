"""No notice is lost or sent twice while a real mail server goes and comes and workers are killed (SIGKILL).

Who is killed after a mail was taken and before it was noted brings it again: the same mail, under the same
Message-ID, by which the other side knows it. More nobody can promise who speaks SMTP.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.runtime.notices.wishes import write_wishes
from engine.store import Database
from tests.chaos.nursery import Nursery
from tests.chaos.post_office import PostOffice
from tests.chaos.test_storm import database_url
from tests.engine.runtime.world import World, build_world, in_a_row, user

__all__ = ["database_url"]
STEPS = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))
LONG_AGO = "2018-01-01 00:00:00.000000+00:00"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice()
    yield made
    made.held = False
    made.close()


@pytest.fixture
def nursery(database_url: str, tmp_path: Path, office: PostOffice) -> Iterator[Nursery]:
    folder = tmp_path / "house"
    folder.mkdir()
    made = Nursery(
        folder,
        {
            "BIHUAN_DATABASE_URL": database_url,
            "BIHUAN_DATA_DIR": str(folder),
            "BIHUAN_LOG_LEVEL": "error",
            "BIHUAN_CLOCK": "2018-03-01T09:00:00+08:00",
            "BIHUAN_MAIL_HOST": "127.0.0.1",
            "BIHUAN_MAIL_PORT": str(office.port),
            "BIHUAN_NOTICE_ATTEMPTS": "1000",
            "BIHUAN_RETRY_FIRST_SECONDS": "0.1",
            "BIHUAN_RETRY_FACTOR": "1",
        },
    )
    yield made
    made.close()


def telling(database: Database) -> World:
    """A world whose liaison wants new tasks by mail at once, and whose head has them in a digest."""
    world = build_world(database)
    with database.write() as connection:
        connection.execute(text("update user_account set email = login || '@hz.example'"))
        write_wishes(connection, world.people["ling"], {("task", "mail"): "now"})
    world.deploy(planning=STEPS)
    return world


def until(happened: Callable[[], bool], nursery: Nursery) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError(nursery.complaints() or "it does not happen")


def test_what_was_to_be_told_arrives_whoever_was_away_or_killed(
    database: Database, nursery: Nursery, office: PostOffice
) -> None:
    world = telling(database)

    def written() -> int:
        return int(world.scalar("select count(*) from outbox"))

    def tried() -> int:
        return int(world.scalar("select coalesce(max(attempts), 0) from outbox where sent_at is null"))

    worker = nursery.start("worker")
    world.start(drain=False)
    until(lambda: tried() >= 2, nursery)
    nursery.kill(worker)  # between two attempts, or in one: the server is away
    office.held = True
    office.open()
    with database.write() as connection:
        connection.execute(text("update outbox set claimed_at = null"))
    worker = nursery.start("worker")
    until(office.waiting.is_set, nursery)
    nursery.kill(worker)  # the mail was taken, and nobody has noted it
    office.held = False
    assert world.scalar("select count(*) from outbox where sent_at is not null") == 0
    with database.write() as connection:  # as after five minutes, when it is clear that the sender is dead
        connection.execute(text("update outbox set claimed_at = :ago"), {"ago": LONG_AGO})
    nursery.start("worker")
    nursery.start("worker")
    until(lambda: world.scalar("select count(*) from outbox where sent_at is null") == 0, nursery)
    office.close()
    for _ in range(3):
        world.start(drain=False)
    until(lambda: written() >= 2 and tried() >= 2, nursery)
    office.open()
    until(lambda: _told(world) == 4 and _unsent(world) == 0, nursery)

    copies = office.copies()
    assert {to for to, _ in copies} == {"ling@hz.example"}
    assert len(copies) == written(), "each letter arrives, and no other"
    assert sorted(copies.values(), reverse=True) == [2] + [1] * (len(copies) - 1), "the killed one's twice"
    assert world.scalar("select count(*) from notice_delivery where state = 'sent'") == 4, "each task once"
    assert world.scalar("select count(*) from incident") == 0


def _told(world: World) -> int:
    return int(world.scalar("select count(*) from notice_delivery where state = 'sent'"))


def _unsent(world: World) -> int:
    return int(world.scalar("select count(*) from outbox where sent_at is null"))
