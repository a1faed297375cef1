"""The house seals the chains and takes away what nobody needs: once a period, one machine, never history."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from engine.audit import sealing
from engine.ids import new_id
from engine.runtime.checks.whole import faults_in
from engine.runtime.engine import Engine
from engine.runtime.events.messages import NewMessage
from engine.runtime.housekeeping import chores, sweeping
from engine.runtime.housekeeping.chores import House
from engine.runtime.housekeeping.sweeping import Keeping
from engine.store import insert_rows
from tests.engine.runtime.world import World, in_a_row, user

DAY = timedelta(days=1)
ALL = Keeping(
    messages=30 * DAY,
    request_keys=7 * DAY,
    letters=180 * DAY,
    sessions=90 * DAY,
    drafts=365 * DAY,
    notices=180 * DAY,
    seal_every=DAY,
)
HISTORY = ("work_event", "work_text", "audit_entry", "instance", "shared_value")


@pytest.fixture
def kept(world: World) -> Iterator[World]:
    """A world whose house does its chores."""
    setup = world.engine.setup
    world.engine = Engine(setup.database, clock=setup.clock, bindings=setup.bindings, keeping=ALL)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review")))
    return world


def counts(world: World, *tables: str) -> list[int]:
    return [int(world.scalar(f"select count(*) from {table}")) for table in tables]


def rewind(world: World) -> None:
    """A period has passed for every chore."""
    with world.engine.database.write() as connection:
        connection.execute(text("update chore set due_at = done_at where done_at is not null"))


def do_all(world: World) -> int:
    house = House(world.engine.setup, look_seconds=0)
    done = 0
    while house.look():
        done += 1
    return done


def letter(world: World, *, sent: datetime | None) -> dict[str, Any]:
    at = world.clock.now()
    empty = dict.fromkeys(("element_id", "channel", "recipient", "subject", "content_text"), "")
    return {
        "id": new_id(),
        "cycle_id": "c",
        "kind": "mail",
        "attempts": 1,
        "created_at": at,
        "sent_at": sent,
    } | empty


def test_each_chore_is_done_once_a_period_whoever_looks(kept: World) -> None:
    kept.start()
    names = {"seal", *sweeping.SWEEPS}
    assert counts(kept, "chore where done_at is not null") == [len(names)], "the engine did them in its turns"
    assert do_all(kept) == 0, "another machine looks"
    assert counts(kept, "audit_seal") == [1]
    kept.complete("ling", opinion="请审")
    rewind(kept)
    assert do_all(kept) == len(names)
    with kept.engine.database.read() as connection:
        assert sealing.newest_seal(connection).chains == 1  # type: ignore[union-attr]
        assert list(faults_in(kept.engine.setup, connection)) == []


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)  # SQLite has one writer
def test_a_chore_in_another_machines_hand_is_passed_over(kept: World) -> None:
    do_all(kept)
    with kept.engine.database.write() as connection:
        connection.execute(text("update chore set due_at = done_at where name = 'seal'"))
    with kept.engine.database.write() as other:
        assert chores.QUERIES.row(other, "take", name="seal", now=datetime.now(UTC))
        assert do_all(kept) == 0
    assert do_all(kept) == 1


def test_what_is_old_goes_in_batches_and_what_is_not_stays(
    kept: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    monkeypatch.setattr(chores, "BATCH", 2)
    instance = kept.start()
    kept.complete("ling", opinion="请审", idempotency_key="first")
    history = counts(kept, *HISTORY)
    with kept.engine.database.write() as connection:
        fill(kept, connection, instance)
    kept.clock.advance(40 * DAY)
    with kept.engine.database.write() as connection:
        kept.engine.publish(connection, NewMessage(kept.cycle.id, "new", "k", "6", {}))
        insert_rows(connection, "outbox", [letter(kept, sent=kept.clock.now()), letter(kept, sent=None)])
    rewind(kept)
    do_all(kept)
    assert counts(kept, "idempotency", "outbox", "draft", "login_session") == [0, 3, 1, 1]
    left = "select message_id from message order by message_id"
    with kept.engine.database.read() as connection:
        assert list(connection.execute(text(left)).scalars()) == ["4", "5", "6"], "long-lived, awaited, new"
    kept.clock.advance(400 * DAY)
    rewind(kept)
    do_all(kept)
    assert counts(kept, "outbox", "draft") == [1, 0], "a letter that was not sent waits on"
    assert counts(kept, *HISTORY) == history


def fill(world: World, connection: Connection, instance: str) -> None:
    """Rows of every kind, of now."""
    for number in range(1, 6):
        live = timedelta(days=300) if number == 4 else timedelta(0)
        told = NewMessage(world.cycle.id, "told", "nobody", str(number), {}, time_to_live=live)
        world.engine.publish(connection, told)
    at = world.clock.now()
    awaited = connection.execute(text("select id from message where message_id = '5'")).scalar_one()
    job = {"id": new_id(), "cycle_id": "c", "kind": "deliver", "instance_id": instance, "wait_key": "w"}
    state = {
        "state": "stopped",
        "attempts": 3,
        "max_attempts": 3,
        "last_error": "",
        "created_at": at,
        "run_at": at,
    }
    insert_rows(connection, "job", [job | state | {"payload_text": f'{{"message_id":"{awaited}"}}'}])
    insert_rows(connection, "outbox", [letter(world, sent=at)])
    item = connection.execute(text("select id from work_item")).scalar_one()
    draft = {
        "item_id": item,
        "person_id": world.people["tou"],
        "data_text": "{}",
        "opinion": "",
        "saved_at": at,
    }
    insert_rows(connection, "draft", [draft])
    now = datetime.now(UTC)
    for age in (10, 200):
        ended = now - age * DAY
        session = {"id": f"{age}", "user_id": world.people["tou"], "user_agent": ""}
        times = {"created_at": ended, "seen_at": ended, "expires_at": ended}
        insert_rows(connection, "login_session", [session | times])


def test_a_fault_in_a_chore_stops_no_other_work(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(sealing, "gather", broken)
    kept.start()
    kept.engine.drain()
    assert kept.item("ling").element_id == "fill"
    assert counts(kept, "audit_seal") == [0]


def test_without_settings_the_house_does_nothing(world: World) -> None:
    assert House(world.engine.setup, look_seconds=0).look() == 0
    assert counts(world, "chore") == [0]
