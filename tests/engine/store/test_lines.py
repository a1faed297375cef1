"""The line on which statements go to PostgreSQL: what it keeps prepared, how it spells, what it minds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from engine.store import Database, Queries, UnstorableText, insert_rows
from engine.store.lines import TOGETHER
from engine.store.outages import outage_of
from engine.store.pipelining import gathers

pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)
WORDS = (
    "-- name: echo\nselect cast(:text as text) as text, cast(:number as bigint) as number,"
    " cast(:yes as boolean) as yes,"
    " cast(:exact as numeric) as exact, cast(:at as timestamptz) as told_at, cast(:on as date) as told_on,"
    " cast(:bytes as bytea) as bytes, cast(:json as jsonb) as plain, cast(:nothing as text) as nothing;\n"
    "-- name: all\nselect name from word order by name;\n"
    "-- name: only\n"
    "select cast(case when count(*) = :count then '0' else 'others' end as integer) from word;\n"
)
VALUES: dict[str, object] = {
    "text": "市发改委 %s $1 100%",
    "number": 5_000_000_000,
    "yes": True,
    "exact": Decimal("0.10"),
    "at": datetime(2018, 3, 1, 1, 0, 0, 5, tzinfo=UTC),
    "on": date(2018, 3, 1),
    "bytes": b"\x00\xff",
    "json": {"a": ["1"]},
    "nothing": None,
}


@pytest.fixture
def words(database: Database, tmp_path: Path) -> Iterator[Queries]:
    file = tmp_path / "words.sql"
    file.write_text(WORDS, "utf-8")
    with database.write() as connection:
        connection.execute(text("create table word (name text primary key, count integer)"))
    yield Queries(file)
    database.close()


def _names(database: Database, words: Queries) -> list[object]:
    with database.write(pipelined=True) as connection:
        return [row["name"] for row in words.rows(connection, "all")]


def test_every_kind_of_value_comes_back_as_it_went(database: Database, words: Queries) -> None:
    for _ in range(3):  # read by the server, prepared, prepared before
        with database.write(pipelined=True) as connection:
            row = words.row(connection, "echo", **VALUES)
        assert row is not None
        told = {"told_at": VALUES["at"], "told_on": VALUES["on"], "plain": VALUES["json"]}
        assert row == {name: told.get(name, VALUES.get(name)) for name in row}
        assert len(row) == len(VALUES)


def test_what_cannot_be_kept_is_refused_before_anything_leaves(database: Database, words: Queries) -> None:
    for wrong in ("a\0b", "\ud800"):
        with pytest.raises(UnstorableText), database.write(pipelined=True) as connection:
            insert_rows(connection, "word", [{"name": "kept"}])
            insert_rows(connection, "word", [{"name": wrong}])
    assert _names(database, words) == []


def test_what_the_driver_lets_the_server_forget_is_prepared_anew(database: Database, words: Queries) -> None:
    for _ in range(3):
        _names(database, words)
    with database.write() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.execute("select 1", prepare=True)
        driver.rollback()  # lets the server forget all that the driver has prepared, and so all
    assert _names(database, words) == []
    with database.write() as connection:
        connection.execute(text("deallocate all"))  # unknown to the driver: the first who comes finds out
    with pytest.raises(psycopg.OperationalError):
        _names(database, words)
    assert _names(database, words) == []


def test_a_statement_that_fails_is_not_taken_for_prepared(database: Database, words: Queries) -> None:
    for _ in range(4):
        with pytest.raises(psycopg.errors.UndefinedTable), database.write(pipelined=True) as connection:
            insert_rows(connection, "nowhere", [{"name": "a"}])
    with database.write() as connection:
        connection.execute(text("create table nowhere (name text)"))
    with database.write(pipelined=True) as connection:
        insert_rows(connection, "nowhere", [{"name": "a"}])


def test_what_is_not_as_expected_takes_all_back_and_says_what_it_means(
    database: Database, words: Queries
) -> None:
    def put(name: str, count: int) -> None:
        with database.write(pipelined=True) as connection:
            assert gathers(connection)
            insert_rows(connection, "word", [{"name": name}])
            words.expect(connection, "only", LookupError("others are there"), count=count)

    put("a", 1)
    with pytest.raises(LookupError, match="others are there"):
        put("b", 1)
    put("c", 2)
    assert _names(database, words) == ["a", "c"]


def test_the_server_works_before_anybody_asks_for_an_answer(database: Database, words: Queries) -> None:
    with database.write(pipelined=True) as connection:
        for number in range(TOGETHER):
            insert_rows(connection, "word", [{"name": f"w{number}", "count": number}])
        with database.read() as other:
            held = text("select count(*) from pg_locks where relation = 'word'::regclass and granted")
            assert any(other.execute(held).scalar() for _ in range(10_000)), "nothing has left yet"
    assert _names(database, words) == [f"w{number}" for number in range(TOGETHER)]


def test_a_line_that_is_cut_is_told_as_an_outage(database: Database, words: Queries) -> None:
    with pytest.raises(Exception) as heard, database.write(pipelined=True) as connection:
        insert_rows(connection, "word", [{"name": "a"}])
        backend = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        with database.engine.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid)"), {"pid": backend})
    assert outage_of(heard.value) == "away"
    assert _names(database, words) == []
