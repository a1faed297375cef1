"""What the lint lets through as a timer is due when it runs, and what it refuses never would be."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn.failures import ExpressionFailed
from tests.engine.bpmn.drawing import BEGIN, Desk, draw, line, node, timer
from tests.engine.bpmn.lint_diagrams import between, errors_in
from tests.engine.bpmn.lint_diagrams import timer as written

KINDS = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}


def due(kind: str, text: str) -> datetime:
    """When a catching event with this timer is due, set at BEGIN (2018-03-01 09:00 in Shanghai)."""
    drawn = [node("s", "start"), node("t", "catch", event=timer(kind, text)), node("z", "user")]
    desk = Desk(draw(drawn, line(*"stz")), reload=True)
    at = desk.x.waits()[desk.key("t")].due_at
    assert at is not None
    return at


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("duration", "P1W", datetime(2018, 3, 8, 1, tzinfo=UTC)),
        ("duration", "P1Y2M3DT4H5M6S", datetime(2019, 5, 4, 5, 5, 6, tzinfo=UTC)),
        ("duration", "P1M3D", datetime(2018, 4, 4, 1, tzinfo=UTC)),
        ("duration", "-P1M3D", datetime(2018, 1, 29, 1, tzinfo=UTC)),
        ("date", "20181130", datetime(2018, 11, 30, 16, tzinfo=UTC)),
        ("date", "2018-03-01T09:00", datetime(2018, 3, 1, 1, tzinfo=UTC)),
        ("date", "2018-03-01T09:00:00+0900", datetime(2018, 3, 1, 0, tzinfo=UTC)),
        ("cycle", "R-1/PT1H", datetime(2018, 3, 1, 2, tzinfo=UTC)),
        ("cycle", "R/P1W", datetime(2018, 3, 8, 1, tzinfo=UTC)),
        ("cycle", "R3/20180401T000000Z/P1M2D", datetime(2018, 4, 1, tzinfo=UTC)),
    ],
)
def test_a_timer_that_iso_8601_knows_passes_the_lint_and_is_due(
    kind: str, text: str, expected: datetime
) -> None:
    """Weeks, months beside days, `R-1` and short forms passed the lint; running they were incidents."""
    assert errors_in(between(written(text, KINDS[kind]))) == []
    assert due(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", "P12345678D"),
        ("duration", "P12345678Y"),
        ("duration", "P1DT"),
        ("duration", "P1D1W"),
        ("date", "9999-12-31"),
        ("date", "2018-02-30"),
        ("date", "2018-03-01 09:00"),
        ("cycle", "R0/PT1H"),
        ("cycle", "R/PT0S"),
        ("cycle", "R/PT0.0000001S"),
        ("cycle", "R3/-PT1H"),
        ("cycle", "R3/P99999999M"),
        ("cycle", "R" + "9" * 5000 + "/PT1H"),
    ],
)
def test_a_timer_that_would_never_be_due_is_refused_at_deployment(kind: str, text: str) -> None:
    """Too long for the calendar, never, or again and again in no time: not only when an instance is there."""
    assert [rule for rule, _, _ in errors_in(between(written(text, KINDS[kind])))] == ["timer-unreadable"]
    with pytest.raises(ExpressionFailed):
        due(kind, text)


def at(month: int, day: int, hour: int) -> datetime:
    """A time of 2018, in UTC."""
    return datetime(2018, month, day, hour, tzinfo=UTC)


def beside(text: str) -> Desk:
    """A task with a cycle beside it that does not interrupt, armed at BEGIN."""
    drawn = [
        node("s", "start"),
        node("a", "user"),
        node("b", "boundary", attached_to="a", event=timer("cycle", text, cancel=False)),
        node("late", "user"),
    ]
    return Desk(draw(drawn, ["s -> a", "b -> late"]), reload=True)


def times(desk: Desk, count: int) -> list[datetime]:
    """When the cycle comes the next times, each run as soon as the clock allows."""
    seen = []
    for _ in range(count):
        due_at = desk.x.waits()[desk.key("b")].due_at
        assert due_at is not None
        seen.append(due_at)
        desk.fire("b")
    return seen


def test_months_and_days_in_one_come_again_as_one() -> None:
    assert times(beside("R3/P1M2W"), 3) == [at(4, 15, 1), at(5, 29, 1), at(7, 13, 1)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("R/2019-01-31T18:00:00/P1M", [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]),
        ("R/2019-01-30T18:00:00/P1M", [(1, 30), (2, 28), (3, 30), (4, 30), (5, 30)]),
        ("R/2019-01-28T18:00:00/P1M", [(1, 28), (2, 28), (3, 28), (4, 28), (5, 28)]),
        ("R/2018-08-31T18:00:00/P3M", [(8, 31), (11, 30), (2, 28), (5, 31), (8, 31)]),
    ],
)
def test_a_cycle_from_the_last_of_a_month_comes_back_to_it(text: str, days: list[tuple[int, int]]) -> None:
    """After February it stayed on the 28th for the rest of the year: a short month is no new beginning."""
    assert [(one.month, one.day) for one in times(beside(text), len(days))] == days


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("R/2000-01-01T00:00:00Z/PT1S", BEGIN, BEGIN + timedelta(seconds=1)),
        ("R/2000-01-01T00:00:00Z/PT7H", at(3, 1, 6), at(3, 1, 13)),
        ("R/2017-08-31T10:00:00Z/P1M", at(3, 31, 10), at(4, 30, 10)),
        ("R/2017-12-01T01:00:00Z/P1M2D", at(3, 7, 1), at(4, 9, 1)),
        ("R/1950-12-02T00:00:00Z/P1Y", at(12, 2, 0), datetime(2019, 12, 2, tzinfo=UTC)),
    ],
)
def test_of_a_cycle_that_began_long_ago_only_what_is_due_from_now_on_comes(
    text: str, first: datetime, second: datetime
) -> None:
    """From 2000 on every second came, one after another: 573 million steps before the first of today."""
    assert times(beside(text), 2) == [first, second]


def test_a_cycle_that_began_long_ago_comes_as_often_as_it_says() -> None:
    """What was over before it was armed does not count: else nothing in the flow would ever come."""
    desk = beside("R2/2000-01-01T00:00:00Z/PT1H")
    assert times(desk, 2) == [BEGIN, BEGIN + timedelta(hours=1)]
    assert not any(wait.element == "b" for wait in desk.x.waits().values())


def test_after_a_standstill_a_cycle_makes_up_a_hundred_times_and_no_more() -> None:
    """A server that was down for a night made up 36,000 seconds, a step each, and was late for hours."""
    desk = beside("R/PT1S")
    [first] = times(desk, 1)
    begun = first + timedelta(hours=10)
    desk.clock.set(begun)
    made_up = [one for one in times(desk, 101) if one <= begun]
    late = [first + timedelta(seconds=1), *(begun - timedelta(seconds=ago) for ago in range(98, -1, -1))]
    assert made_up == late


def test_what_was_missed_a_few_times_is_made_up_time_by_time() -> None:
    desk = beside("R5/P1D")
    desk.clock.set(BEGIN + timedelta(days=4, hours=1))
    assert times(desk, 5) == [BEGIN + timedelta(days=day) for day in range(1, 6)]
