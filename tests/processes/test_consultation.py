"""The open page: what the public may say, and what is refused."""

from datetime import date, timedelta

import pytest

from engine.clock import today
from processes.planning.queries import CommentRefused, add_comment, open_consultation
from tests.processes.city import City


@pytest.fixture
def open_city(city: City) -> City:
    """The city with its consultation open."""
    city.start("U20")
    city.report("u20")
    city.pass_office("市旅委")
    return city


def say(city: City, *, on: date | None = None, **said: str) -> str:
    day = today(city.clock)
    with city.engine.database.write() as connection:
        consultation = open_consultation(connection, today=day)
        assert consultation is not None
        return add_comment(
            connection,
            consultation["id"],
            at=city.clock.now(),
            today=on or day,
            **{"text": "好", **said},
        )


def test_the_consultation_stays_open_for_ten_working_days(open_city: City) -> None:
    with open_city.engine.database.read() as connection:
        consultation = open_consultation(connection, today=today(open_city.clock))
    assert consultation is not None
    assert consultation["closes_on"] == date(2018, 2, 14)
    assert consultation["year"] == 2018


def test_a_comment_about_a_target_is_about_its_unit(open_city: City) -> None:
    target = open_city.scalar(
        "select id from target where code = 'KPI24' and cycle_id = :cycle", cycle=open_city.cycle.id
    )
    comment = say(open_city, target_id=target)
    unit = open_city.scalar("select unit_id from consultation_comment where id = :id", id=comment)
    assert unit == open_city.demo.units["市旅委"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"name": "名" * 65}, "name"),
        ({"target_id": "no-such-target"}, "target_id"),
        ({"unit_id": "no-such-unit"}, "unit_id"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_field(
    open_city: City, said: dict[str, str], field: str
) -> None:
    with pytest.raises(CommentRefused) as refused:
        say(open_city, **said)
    assert refused.value.field == field
    assert open_city.scalar("select count(*) from consultation_comment") == 0


def test_after_the_last_day_nothing_is_taken(open_city: City) -> None:
    with pytest.raises(CommentRefused, match="公示期已结束"):
        say(open_city, on=date(2018, 2, 15))
    open_city.clock.advance(timedelta(days=20))
    open_city.engine.drain()
    with open_city.engine.database.read() as connection:
        assert open_consultation(connection, today=date(2018, 2, 10)) is None
