"""Who holds the posts of a unit is asked before it is known which post is next: the answer is the same."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from engine.clock import VirtualClock
from engine.people import memberships, nearby
from engine.store import Database
from engine.store.lines import Line
from tests.engine.people.conftest import DAY, City, build_city

LATER = date(2018, 9, 1)
CLOCK = VirtualClock(datetime(2018, 3, 1, 1, 0, tzinfo=UTC))
"""On DAY."""
ON_POSTGRESQL = pytest.mark.parametrize("home", ["postgresql"], indirect=True)
"""SQLite answers at once: there nothing is asked beforehand."""


def holding(connection: Connection, unit_id: str, key: str, *, on: date = DAY) -> list[str]:
    return [one.name for one in memberships.holders(connection, unit_id, key, on=on, cycle_id="y18")]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one whenever PostgreSQL is waited for."""
    counted: list[str] = []
    exchange: Callable[[Line], None] = Line._exchange

    def noted(line: Line) -> None:
        counted.append("")
        exchange(line)

    monkeypatch.setattr(Line, "_exchange", noted)
    return counted


def laid(database: Database) -> City:
    """A unit with a liaison for good, another for one year, and a head who begins later."""
    with database.write() as connection:
        city = build_city(connection)
        city.add_person("lin", "U1 liaison", name="林")
        city.add_person("lu", "U1 liaison", name="陆", cycle_id="y18")
        city.add_person("old", "U1 liaison", name="旧", cycle_id="y17")
        head = city.add_person("tou", name="头")
        memberships.appoint(connection, user_id=head, unit_id=city.ids["U1"], post_key="head", from_on=LATER)
    return city


@ON_POSTGRESQL
def test_one_answer_serves_every_post_of_the_unit_and_says_what_the_question_for_each_says(
    database: Database, waits: list[str]
) -> None:
    unit = laid(database).ids["U1"]
    with database.write(pipelined=True) as connection:
        plain = [holding(connection, unit, key) for key in ("liaison", "head", "division")]
        later = holding(connection, unit, "head", on=LATER)
        question = nearby.ask_here(connection, unit, cycle_id="y18", clock=CLOCK, zone="Asia/Shanghai")
        waits.clear()
        with nearby.Nearby(connection, question, unit_id=unit, cycle_id="y18"):
            assert [holding(connection, unit, key) for key in ("liaison", "head", "division")] == plain
            assert len(waits) == 1
            assert holding(connection, unit, "head", on=LATER) == later == ["头"], (
                "another day is asked about"
            )
            assert len(waits) == 2
    assert plain[0] == ["林", "陆"]


@ON_POSTGRESQL
def test_who_is_put_on_a_post_in_the_same_transaction_is_seen(database: Database) -> None:
    city = laid(database)
    unit = city.ids["U1"]
    with database.write(pipelined=True) as connection:
        question = nearby.ask_here(connection, unit, cycle_id="y18", clock=CLOCK, zone="Asia/Shanghai")
        with nearby.Nearby(connection, question, unit_id=unit, cycle_id="y18"):
            assert holding(connection, unit, "head") == []
            City(connection, city.ids).add_person("xin", "U1 head", name="新")
            assert holding(connection, unit, "head") == ["新"]


@ON_POSTGRESQL
def test_a_unit_with_very_many_posts_is_asked_about_the_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = laid(database).ids["U1"]
    monkeypatch.setattr(nearby, "MOST", 1)
    with database.write(pipelined=True) as connection:
        question = nearby.ask_here(connection, unit, cycle_id="y18", clock=CLOCK, zone="Asia/Shanghai")
        with nearby.Nearby(connection, question, unit_id=unit, cycle_id="y18"):
            assert holding(connection, unit, "liaison") == ["林", "陆"]


def test_without_a_line_nothing_is_asked_beforehand(database: Database) -> None:
    city = laid(database)
    with database.write() as connection:
        assert nearby.ask_at_item(connection, "i1", clock=CLOCK, zone="Asia/Shanghai") is None
        assert holding(connection, city.ids["U1"], "liaison") == ["林", "陆"]
