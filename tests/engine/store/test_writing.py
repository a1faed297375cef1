"""A row written on the driver's connection is the row that SQLAlchemy would have written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, Table, Text, insert, select

from engine.store import Database, UnstorableText
from engine.store.types import Exact, Instant, Json
from engine.store.writing import change_row, insert_row

PAPERS = Table(
    "paper",
    MetaData(),
    Column("id", Text, primary_key=True, default=lambda: "made"),
    Column("made_at", Instant),
    Column("due_on", Date),
    Column("amount", Exact),
    Column("said", Json),
    Column("open", Boolean, default=True),
    Column("round", Integer, default=1),
    Column("full", Integer),
)
MOMENT = datetime(2018, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
FACTS: dict[str, object] = {"made_at": MOMENT, "due_on": date(2018, 3, 2), "amount": Decimal("0.10")}


@pytest.fixture
def papers(database: Database) -> Database:
    with database.write() as connection:
        PAPERS.create(connection)
    return database


@pytest.mark.parametrize("said", [{"中": [1, None]}, ["a"], "一句话", None])
def test_every_kind_of_value_is_stored_as_sqlalchemy_stores_it(papers: Database, said: object) -> None:
    with papers.write() as connection:
        insert_row(connection, PAPERS, id="ours", said=said, **FACTS)
        connection.execute(insert(PAPERS).values(id="theirs", said=said, **FACTS))
    with papers.read() as connection:
        rows = {row["id"]: dict(row) for row in connection.execute(select(PAPERS)).mappings()}
    assert {**rows["ours"], "id": ""} == {**rows["theirs"], "id": ""}
    assert rows["ours"] == {"id": "ours", **FACTS, "said": said, "open": True, "round": 1, "full": None}


def test_what_nobody_says_is_the_default_of_the_table(papers: Database) -> None:
    with papers.write() as connection:
        insert_row(connection, PAPERS, round=7)
        row = connection.execute(select(PAPERS)).mappings().one()
    assert (row["id"], row["open"], row["round"], row["amount"]) == ("made", True, 7, None)


def test_a_column_may_bear_a_word_of_the_database(papers: Database) -> None:
    """PostgreSQL reads `full` as the beginning of a join; leaders score out of a `full` mark."""
    with papers.write() as connection:
        insert_row(connection, PAPERS, id="a", full=100)
        assert change_row(connection, PAPERS, "a", full=120) == 1
        assert connection.execute(select(PAPERS.c.full)).scalar_one() == 120


def test_a_row_is_changed_alone_and_only_where_it_is_said(papers: Database) -> None:
    with papers.write() as connection:
        for name in ("a", "b"):
            insert_row(connection, PAPERS, id=name, said="早", **FACTS)
        assert change_row(connection, PAPERS, "b", amount=Decimal("2.50"), said={"晚": True}) == 1
        assert change_row(connection, PAPERS, "c", round=2) == 0
        rows = {row["id"]: dict(row) for row in connection.execute(select(PAPERS)).mappings()}
    assert rows["a"] == {"id": "a", **FACTS, "said": "早", "open": True, "round": 1, "full": None}
    assert rows["b"] == {**rows["a"], "id": "b", "amount": Decimal("2.50"), "said": {"晚": True}}


def test_text_that_cannot_be_kept_is_refused(papers: Database) -> None:
    with papers.write() as connection, pytest.raises(UnstorableText):
        insert_row(connection, PAPERS, id="a\x00")
