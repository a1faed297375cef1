"""Transactions, column types and named SQL mean the same on both homes."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, Text, insert, select

from engine.store import Database, Queries, UnstorableText, insert_rows
from engine.store.types import Exact, Instant, Json, instant_of, instant_text

THINGS = Table(
    "thing",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("made_at", Instant),
    Column("amount", Exact),
    Column("said", Json),
)
MOMENT = datetime(2018, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def things(database: Database) -> Database:
    with database.write() as connection:
        THINGS.create(connection)
    return database


def test_a_transaction_is_all_or_nothing(things: Database) -> None:
    with pytest.raises(RuntimeError), things.write() as connection:
        connection.execute(insert(THINGS).values(name="a"))
        raise RuntimeError
    with things.read() as connection:
        assert connection.execute(select(THINGS.c.name)).all() == []


def test_a_reader_changes_nothing(things: Database) -> None:
    with things.read() as connection:
        connection.execute(insert(THINGS).values(name="a"))
    with things.read() as connection:
        assert connection.execute(select(THINGS.c.name)).all() == []


def test_types_come_back_as_they_went(things: Database) -> None:
    row = {"name": "a", "made_at": MOMENT, "amount": Decimal("88.505"), "said": {"中": [1, None]}}
    with things.write() as connection:
        connection.execute(insert(THINGS).values(**row))
    with things.read() as connection:
        assert dict(connection.execute(select(THINGS)).mappings().one()) == row


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:

    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2018, 3, 1, 9, 30))  # noqa: DTZ001


def test_named_sql_reads_what_core_wrote(things: Database, tmp_path: Path) -> None:
    file = tmp_path / "things.sql"
    file.write_text(
        "-- name: older\n-- Those made before.\nselect name, made_at from thing\n"
        "where made_at < :at and name like '%a%'\nfor update -- only: postgresql\n;\n\n"
        "-- name: chosen\nselect name from thing where {condition};\n",
        "utf-8",
    )
    queries = Queries(file)
    with things.write() as connection:
        insert_rows(
            connection, "thing", [{"name": "a", "made_at": MOMENT}, {"name": "ab", "made_at": MOMENT}]
        )
        later = datetime(2018, 3, 2, tzinfo=UTC)
        assert queries.rows(connection, "older", at=later) == [
            {"name": "a", "made_at": MOMENT},
            {"name": "ab", "made_at": MOMENT},
        ]
        assert queries.row(connection, "older", at=MOMENT) is None
        chosen = queries.rows_where(connection, "chosen", "name = :wanted", wanted="ab")
        assert chosen == [{"name": "ab"}]


def test_dates_come_back_as_dates(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "days.sql"
    file.write_text("-- name: days\nselect day_on from calendar_day;\n", "utf-8")
    from tests.engine.people.conftest import build_city

    with database.write() as connection:
        city = build_city(connection)
        row = {"assessor_id": city.ids["C0"], "day_on": date(2018, 2, 16), "kind": "holiday", "name": "春节"}
        insert_rows(connection, "calendar_day", [row])
        assert Queries(file).rows(connection, "days") == [{"day_on": date(2018, 2, 16)}]


def test_texts_that_can_be_printed_or_not_are_kept_or_refused(things: Database) -> None:
    class Word(str):
        """A kind of text."""

    with things.write() as connection:
        for name in ("甲\n乙", "\u3000全角", "\ue000", "é\u0301", Word("词"), ""):
            insert_rows(connection, "thing", [{"name": name}])
            found = connection.execute(select(THINGS.c.name).where(THINGS.c.name == str(name))).scalar()
            assert found == name
        for name in ("a\x00b", "\ud800", Word("\x00")):
            with pytest.raises(UnstorableText):
                insert_rows(connection, "thing", [{"name": name}])


def test_kinds_of_lists_and_dicts_are_kept_as_json(things: Database) -> None:
    class Given(dict[str, object]):
        """A kind of dict."""

    with things.write() as connection:
        insert_rows(connection, "thing", [{"name": "a", "said": Given(x=[1])}])
        assert connection.execute(select(THINGS.c.said)).scalar() == {"x": [1]}


@pytest.mark.parametrize("hours", [0, 8, -3.5])
def test_an_instant_is_the_same_text_whatever_its_zone(hours: float) -> None:
    zone = timezone(timedelta(hours=hours))
    assert instant_text(MOMENT.astimezone(zone)) == "2018-03-01T09:30:00.123456Z"
    assert instant_text(MOMENT.replace(microsecond=0).astimezone(zone)) == "2018-03-01T09:30:00.000000Z"
    assert instant_of(instant_text(MOMENT.astimezone(zone))) == MOMENT
