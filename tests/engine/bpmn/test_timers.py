"""What the lint lets through as a timer is due when it runs, and what it refuses never would be."""

from datetime import UTC, datetime

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


def test_months_and_days_in_one_come_again_as_one() -> None:
    drawn = [
        node("s", "start"),
        node("a", "user"),
        node("b", "boundary", attached_to="a", event=timer("cycle", "R3/P1M2W", cancel=False)),
        node("late", "user"),
    ]
    desk = Desk(draw(drawn, ["s -> a", "b -> late"]), reload=True)
    seen = []
    for _ in range(3):
        seen.append(desk.x.waits()[desk.key("b")].due_at)
        desk.fire("b")
    assert seen == [datetime(2018, month, day, 1, tzinfo=UTC) for month, day in ((4, 15), (5, 29), (7, 13))]
    assert seen[0] > BEGIN


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("R/2018-01-31T18:00:00/P1M", [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]),
        ("R/2018-01-30T18:00:00/P1M", [(1, 30), (2, 28), (3, 30), (4, 30), (5, 30)]),
        ("R/2018-01-28T18:00:00/P1M", [(1, 28), (2, 28), (3, 28), (4, 28), (5, 28)]),
        ("R/2018-08-31T18:00:00/P3M", [(8, 31), (11, 30), (2, 28), (5, 31), (8, 31)]),
    ],
)
def test_a_cycle_from_the_last_of_a_month_comes_back_to_it(text: str, days: list[tuple[int, int]]) -> None:
    """After February it stayed on the 28th for the rest of the year: a short month is no new beginning."""
    drawn = [
        node("s", "start"),
        node("a", "user"),
        node("b", "boundary", attached_to="a", event=timer("cycle", text, cancel=False)),
        node("late", "user"),
    ]
    desk = Desk(draw(drawn, ["s -> a", "b -> late"]), reload=True)
    seen = []
    for _ in days:
        at = desk.x.waits()[desk.key("b")].due_at
        assert at is not None
        seen.append((at.month, at.day))
        desk.fire("b")
    assert seen == days
