"""A reminder comes on a working day, as long before the date as the diagram says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.reminders import read_lead
from engine.clock import ZONE, end_of_day
from engine.people.working_days import WorkingCalendar
from engine.runtime.steps.reminding import reminder_at
from engine.runtime.time import DueDate

QINGMING = WorkingCalendar(
    holidays=[date(2018, 4, 5), date(2018, 4, 6), date(2018, 4, 7)], workdays=[date(2018, 4, 8)]
)
"""2018-04-05 was a Thursday; the Sunday 04-08 was worked instead."""


def on(text: str, due: date, calendar: WorkingCalendar = QINGMING) -> datetime:
    lead = read_lead(text)
    assert lead is not None
    at = reminder_at(lead, DueDate(due, end_of_day(due)), calendar=calendar, zone=ZONE)
    return at + timedelta(hours=8)  # as the clocks in Shanghai show it


@pytest.mark.parametrize(
    ("text", "due", "day"),
    [
        ("P1D", date(2018, 4, 12), date(2018, 4, 11)),
        ("P3D", date(2018, 3, 26), date(2018, 3, 23)),  # a Monday: Friday as counted
        ("P1D", date(2018, 3, 26), date(2018, 3, 23)),  # Sunday: Friday instead
        ("P3D", date(2018, 4, 9), date(2018, 4, 4)),  # the holiday: the day before it
        ("P1D", date(2018, 4, 9), date(2018, 4, 8)),  # a Sunday that is worked
        ("P1W", date(2018, 4, 12), date(2018, 4, 4)),
        ("P1WD", date(2018, 3, 26), date(2018, 3, 23)),
        ("P5WD", date(2018, 4, 12), date(2018, 4, 4)),
        ("P2WD", date(2018, 4, 9), date(2018, 4, 4)),
    ],
)
def test_days_are_counted_and_days_off_skipped(text: str, due: date, day: date) -> None:
    assert on(text, due) == datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_hours_are_counted_from_the_end_of_the_date() -> None:
    assert on("PT4H", date(2018, 4, 12)) == datetime(2018, 4, 12, 20, tzinfo=UTC)
    assert on("P1DT30M", date(2018, 4, 12)) == datetime(2018, 4, 11, 23, 30, tzinfo=UTC)
    assert on("PT4H", date(2018, 3, 25)) == datetime(2018, 3, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["3 days", "P", "PT", "-P1D", "P1M", "P1Y", "PT5S", "P1WDT1H", "P0WD", "P1000D", "p1d"]
)
def test_what_could_not_be_kept_is_not_read(text: str) -> None:
    assert read_lead(text) is None


@given(
    days=st.integers(0, 60),
    working=st.booleans(),
    due=st.dates(date(2018, 1, 1), date(2018, 12, 31)),
    holidays=st.lists(st.dates(date(2017, 10, 1), date(2018, 12, 31)), max_size=30),
)
def test_no_reminder_falls_on_a_day_off(days: int, working: bool, due: date, holidays: list[date]) -> None:
    calendar = WorkingCalendar(holidays=holidays)
    at = on(f"P{days}WD" if working and days else f"P{days}D", due, calendar)
    assert calendar.is_working_day(at.date())
    assert at.date() <= due
