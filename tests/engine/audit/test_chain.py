"""The hash chain: whole after every step, broken by any change, and blind to personal text."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.audit.chain import broken_chains
from engine.runtime.checks.whole import faults_in
from engine.store.migrations.immutable import make_mutable
from engine.work.items import erase_text
from tests.engine.runtime.world import World, in_a_row, user

TWO_STEPS = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))


def finished(world: World) -> str:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    world.complete("ling", fields={"value": "49"}, opinion="请审")
    world.complete("tou")
    return instance


def test_every_step_adds_one_entry_and_the_chain_is_whole(world: World) -> None:
    instance = finished(world)
    assert world.scalar("select count(*) from audit_entry where chain_id = :id", id=instance) == 3
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def test_a_changed_entry_breaks_the_chain(world: World) -> None:
    instance = finished(world)
    with world.engine.database.write() as connection:
        make_mutable(connection, "audit_entry")  # somebody with all rights to the database
        connection.execute(text("update audit_entry set actor = 'nobody' where seq = 2"))
        assert broken_chains(connection) == [(instance, "第 2 条内容被改动")]


def test_a_removed_entry_breaks_the_chain_even_at_its_end(world: World) -> None:
    instance = finished(world)
    with world.engine.database.write() as connection:
        make_mutable(connection, "audit_entry")
        connection.execute(text("delete from audit_entry where seq = 3"))
        assert broken_chains(connection) == [(instance, "链尾与实例记录不符")]


@pytest.mark.parametrize("table", ["work_event", "audit_entry"])
@pytest.mark.parametrize("statement", ["delete from {}", "update {} set cycle_id = 'x'"])
def test_the_database_itself_refuses_to_change_history(world: World, table: str, statement: str) -> None:
    finished(world)
    with pytest.raises(DBAPIError, match=f"{table} is never"), world.engine.database.write() as connection:
        connection.exec_driver_sql(statement.format(table))


def test_erasing_an_opinion_leaves_the_chain_and_the_history_whole(world: World) -> None:
    finished(world)
    [opinion] = _column(world, "select id from work_text where content_text = '请审'")
    with world.engine.database.write() as connection:
        assert erase_text(connection, opinion, at=world.clock.now())
        assert not erase_text(connection, opinion, at=world.clock.now())
        assert broken_chains(connection) == []
        assert list(faults_in(world.engine.setup, connection)) == []
    assert _column(world, "select content_text from work_text where erased_at is not null") == [None]
    assert _column(world, "select salt from work_text where erased_at is not null") == [""]


@pytest.mark.parametrize("statement", ["delete from {}", "update {} set content_text = 'x'"])
def test_the_database_refuses_to_change_words(world: World, statement: str) -> None:
    finished(world)
    with pytest.raises(DBAPIError, match="work_text is never"), world.engine.database.write() as connection:
        connection.exec_driver_sql(statement.format("work_text"))


def _column(world: World, sql: str) -> list[object]:
    with world.engine.database.read() as connection:
        return list(connection.execute(text(sql)).scalars())
