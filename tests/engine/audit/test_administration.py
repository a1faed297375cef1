"""What administrators did is on one chain, which tells of every change made to it by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.audit.administration import SERVER, Act, Subject, broken, newest, note
from engine.store import Database
from engine.store.migrations.immutable import make_mutable

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EVERYTHING = "(1 = 1)"


@pytest.fixture
def told(database: Database) -> Database:
    """Three acts, the last by a command at the server."""
    acts: list[tuple[Act, str | None]] = [("shut", "a1"), ("appoint", "a2"), ("reset", None)]
    for number, (act, actor) in enumerate(acts):
        subject, at = Subject(f"u{number}", f"张{number}", "U1", "C0"), AT + timedelta(minutes=number)
        with database.write() as connection:
            note(connection, act, subject, at=at, actor_id=actor, actor_name=actor or SERVER, note="联络员")
    return database


def test_acts_are_shown_newest_first_and_the_chain_holds(told: Database) -> None:
    with told.read() as connection:
        found = newest(connection, condition=EVERYTHING, values={})
        assert [(event.seq, event.act, event.actor_name) for event in found] == [
            (3, "reset", "服务器"), (2, "appoint", "a2"), (1, "shut", "a1"),
        ]  # fmt: skip
        assert [
            event.seq for event in newest(connection, before=3, limit=1, condition=EVERYTHING, values={})
        ] == [2]
        assert broken(connection) is None


def test_only_acts_that_the_condition_shows_are_read(told: Database) -> None:
    with told.read() as connection:
        assert newest(connection, condition="e.unit_id = :may_0", values={"may_0": "U2"}) == []


@pytest.mark.parametrize(
    ("hand", "reason"),
    [
        ("update administration_event set subject_name = '李四' where seq = 2", "第 2 条的内容与链不符"),
        ("delete from administration_event where seq = 3", "第 3 条的内容与链不符"),
        ("update audit_entry set actor = 'a9' where seq = 1", "第 1 条内容被改动"),
        ("delete from audit_entry where seq = 3", "链尾与记录不符"),
    ],
)
def test_a_hand_at_the_database_is_found_out(told: Database, hand: str, reason: str) -> None:
    table = hand.split()[1 if hand.startswith("update") else 2]
    with told.write() as connection:
        make_mutable(connection, table)
        connection.execute(text(hand))
        assert broken(connection) == reason


@pytest.mark.parametrize(
    "hand", ["update administration_event set act = 'x'", "delete from administration_event"]
)
def test_the_database_refuses_to_change_what_was_done(told: Database, hand: str) -> None:
    with pytest.raises(DBAPIError), told.write() as connection:
        connection.execute(text(hand))


def test_what_is_taken_back_is_not_on_record(told: Database) -> None:
    with pytest.raises(RuntimeError), told.write() as connection:
        note(connection, "open", Subject("u9", "张九"), at=AT, actor_id="a1", actor_name="a1")
        raise RuntimeError
    with told.read() as connection:
        assert [event.seq for event in newest(connection, condition=EVERYTHING, values={})] == [3, 2, 1]
        assert broken(connection) is None
