"""A pipelined transaction does and refuses what one that waits for every answer does and refuses."""

import sqlite3
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, exc, func, insert, select, update

from engine.store import Database, Queries, insert_rows
from engine.store.writing import change_row

THINGS = Table("thing", MetaData(), Column("id", Text, primary_key=True), Column("count", Integer))
TWICE = (sqlite3.IntegrityError, psycopg.IntegrityError)


@pytest.fixture
def things(database: Database) -> Database:
    with database.write() as connection:
        THINGS.create(connection)
    return database


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Queries:
    file = tmp_path_factory.mktemp("sql") / "things.sql"
    file.write_text(
        "-- name: all\nselect id, count from thing order by id;\n"
        "-- name: raise\nupdate thing set count = count + 1 where id >= :id;\n"
        "-- name: length\nselect length(cast(:text as text)) as found;\n",
        "utf-8",
    )
    return Queries(file)


def _one(name: str) -> list[dict[str, object]]:
    return [{"id": name, "count": 0}]


def _ids(database: Database) -> list[str]:
    with database.read() as connection:
        return [str(row.id) for row in connection.execute(select(THINGS.c.id).order_by(THINGS.c.id))]


def test_rows_are_counted_and_read_in_the_order_in_which_they_were_written(
    things: Database, queries: Queries
) -> None:
    with things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        before = queries.ask(connection, "all")
        insert_rows(connection, "thing", _one("b"))
        assert queries.run(connection, "raise", id="b") == 1
        assert connection.execute(select(func.count()).select_from(THINGS)).scalar_one() == 2
        insert_rows(connection, "thing", _one("c"))
        assert connection.execute(update(THINGS).values(count=7)).rowcount == 3
        assert before.rows() == _one("a")
        assert change_row(connection, THINGS, "c", count=9) == 1
        assert change_row(connection, THINGS, "d", count=9) == 0
        insert_rows(connection, "thing", _one("e"))
    assert _ids(things) == ["a", "b", "c", "e"]


def test_what_nobody_waited_for_fails_with_its_own_reason_and_takes_all_back(
    things: Database, queries: Queries
) -> None:
    with pytest.raises(TWICE), things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        insert_rows(connection, "thing", _one("a"))
    with pytest.raises((*TWICE, exc.IntegrityError)), things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        insert_rows(connection, "thing", _one("a"))
        connection.execute(insert(THINGS).values(id="b", count=0))
    with pytest.raises(TWICE), things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        insert_rows(connection, "thing", _one("a"))
        queries.rows(connection, "all")
    assert _ids(things) == []


def test_a_refusal_is_heard_although_a_statement_on_its_way_fails_too(things: Database) -> None:
    with pytest.raises((LookupError, *TWICE)) as heard, things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        insert_rows(connection, "thing", _one("a"))
        raise LookupError
    assert things.dialect == "sqlite" or heard.type is LookupError
    with things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("b"))
    assert _ids(things) == ["b"]


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_nothing_is_lost_unheard_where_a_failure_was_caught(things: Database, queries: Queries) -> None:
    with pytest.raises(psycopg.errors.InFailedSqlTransaction), things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        with pytest.raises(TWICE):
            insert_rows(connection, "thing", _one("a"))
            queries.rows(connection, "all")
    assert _ids(things) == []


def test_what_is_longer_than_the_connection_takes_at_once_leaves_all_the_same(
    things: Database, queries: Queries
) -> None:
    """A call over 10,000 units hung for ever: its list was longer than what the socket took in one piece."""
    long = "很长" * 500_000
    with things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        asked = [queries.ask(connection, "length", text=long) for _ in range(2)]
        assert [one.rows() for one in asked] == [[{"found": len(long)}]] * 2
        queries.send(connection, "length", text=long)
        queries.send(connection, "length", text=long)
        assert connection.execute(select(func.count()).select_from(THINGS)).scalar_one() == 1
        queries.send(connection, "length", text=long)
    assert _ids(things) == ["a"]


def test_a_savepoint_takes_back_its_own_part_only(things: Database, queries: Queries) -> None:
    with things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
        with pytest.raises((*TWICE, exc.IntegrityError)), connection.begin_nested():
            insert_rows(connection, "thing", _one("b"))
            insert_rows(connection, "thing", _one("a"))
            queries.rows(connection, "all")
        insert_rows(connection, "thing", _one("c"))
        with pytest.raises((LookupError, *TWICE)), connection.begin_nested():
            insert_rows(connection, "thing", _one("d"))
            insert_rows(connection, "thing", _one("a"))
            raise LookupError
        with pytest.raises((*TWICE, exc.IntegrityError)), connection.begin_nested():
            insert_rows(connection, "thing", _one("a"))
    assert _ids(things) == ["a", "c"]


ACTS = st.lists(
    st.tuples(st.sampled_from(["insert", "core", "ask", "run", "change", "count"]), st.sampled_from("abcd")),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_ends_as_it_would_have_ended_with_waiting(
    things: Database, queries: Queries, acts: list[tuple[str, str]]
) -> None:
    ends = [_end(things, queries, acts, pipelined=pipelined) for pipelined in (False, True)]
    assert ends[0] == ends[1]


def _end(database: Database, queries: Queries, acts: list[tuple[str, str]], *, pipelined: bool) -> object:
    """What was answered, whether it was refused, and what is stored afterwards; the table is then emptied."""
    answers: list[object] = []
    try:
        with database.write(pipelined=pipelined) as connection:
            answers = [_do(connection, queries, what, name) for what, name in acts]
            answers = [one.rows() if hasattr(one, "rows") else one for one in answers]
        refused = False
    except (*TWICE, exc.IntegrityError):
        answers, refused = [], True
    stored = _ids(database)
    with database.write() as connection:
        connection.execute(THINGS.delete())
    return answers, refused, stored


def _do(connection: Any, queries: Queries, what: str, name: str) -> Any:
    if what == "insert":
        return insert_rows(connection, "thing", _one(name))
    if what == "core":
        return connection.execute(insert(THINGS).values(id=name, count=1)).rowcount
    if what == "ask":
        return queries.ask(connection, "all")
    if what == "run":
        return queries.run(connection, "raise", id=name)
    if what == "change":
        return change_row(connection, THINGS, name, count=5)
    return connection.execute(select(func.count()).select_from(THINGS)).scalar_one()


def test_a_plain_pipelined_transaction_leaves_the_connection_as_it_was(things: Database) -> None:
    with things.write(pipelined=True) as connection:
        insert_rows(connection, "thing", _one("a"))
    with things.write() as connection:
        if things.dialect == "postgresql":
            raw: Any = connection.connection.driver_connection
            assert raw.info.pipeline_status == psycopg.pq.PipelineStatus.OFF
        connection.execute(insert(THINGS).values(id="b", count=0))
    assert _ids(things) == ["a", "b"]
