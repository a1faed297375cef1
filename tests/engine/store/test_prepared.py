"""A prepared statement answers what SQLAlchemy answers, on both homes, whatever it is given."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, Table, Text, bindparam, func, insert, select

from engine.store import Database
from engine.store.prepared import Prepared, rows_by
from engine.store.texts import UnstorableText
from engine.store.types import Exact, Instant, Json

THINGS = Table(
    "prepared_thing",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("number", Integer),
    Column("yes", Boolean),
    Column("day", Date),
    Column("made_at", Instant),
    Column("amount", Exact),
    Column("said", Json),
)
MOMENT = datetime(2018, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
FULL = {
    "name": "全",
    "number": 7,
    "yes": True,
    "day": date(2018, 2, 28),
    "made_at": MOMENT,
    "amount": Decimal("62176.50"),
    "said": {"问": [1, "?", "%s"], "无": None},
}
EMPTY = dict.fromkeys(FULL) | {"name": "空"}


@pytest.fixture
def things(database: Database) -> Database:
    with database.write() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [FULL, EMPTY])
    return database


def test_rows_come_back_by_the_types_of_their_columns(things: Database) -> None:
    prepared = Prepared(select(THINGS).order_by(THINGS.c.name))
    with things.read() as connection:
        by_sqlalchemy = [
            dict(row) for row in connection.execute(select(THINGS).order_by(THINGS.c.name)).mappings()
        ]
        for _ in range(2):
            found = prepared.rows(connection)
            assert found == by_sqlalchemy
            assert [[type(value) for value in row.values()] for row in found] == [
                [type(value) for value in row.values()] for row in by_sqlalchemy
            ]


def test_values_of_every_kind_are_bound(things: Database) -> None:
    for column in ("name", "number", "yes", "day", "made_at"):
        prepared = Prepared(select(THINGS.c.name).where(THINGS.c[column] == bindparam("wanted")))
        with things.read() as connection:
            assert prepared.rows(connection, wanted=FULL[column]) == [{"name": "全"}]


def test_lists_of_any_length_stand_beside_other_values(things: Database) -> None:
    prepared = Prepared(
        select(THINGS.c.name)
        .where(
            THINGS.c.number > bindparam("least"),
            THINGS.c.name.in_(bindparam("names", expanding=True)),
            THINGS.c.name.like("%"),
            THINGS.c.number < bindparam("most"),
        )
        .limit(5)
    )
    with things.read() as connection:
        for names in (["全"], ["空", "全"], ["x", "空", "全", "?"], ["%s"]):
            found = prepared.rows(connection, least=6, names=names, most=8)
            assert found == ([{"name": "全"}] if "全" in names else [])
        assert prepared.row(connection, least=7, names=["全"], most=8) is None


def test_what_is_counted_has_the_name_it_was_given(things: Database) -> None:
    prepared = Prepared(select(func.count().label("how_many"), func.max(THINGS.c.number).label("most")))
    with things.read() as connection:
        assert prepared.row(connection) == {"how_many": 2, "most": 7}


def test_a_text_that_cannot_be_kept_is_refused(things: Database) -> None:
    prepared = Prepared(select(THINGS).where(THINGS.c.name == bindparam("wanted")))
    with things.read() as connection, pytest.raises(UnstorableText):
        prepared.rows(connection, wanted="a\x00b")


def test_a_value_that_is_missing_is_no_null(things: Database) -> None:
    prepared = Prepared(select(THINGS).where(THINGS.c.name == bindparam("wanted")))
    with things.read() as connection, pytest.raises(KeyError):
        prepared.rows(connection)


def test_rows_by_columns_are_those_that_equal_all_the_values(things: Database) -> None:
    with things.read() as connection:
        assert rows_by(THINGS, "name", "yes").rows(connection, name="全", yes=True) == [FULL]
        assert rows_by(THINGS, "name", "yes").rows(connection, name="全", yes=False) == []
        assert rows_by(THINGS, "name").row(connection, name=None) is None
    assert rows_by(THINGS, "name") is rows_by(THINGS, "name")
