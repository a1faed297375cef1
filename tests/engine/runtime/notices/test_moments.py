"""When somebody is told: pure, over all hours of a year with holidays and swapped weekends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.people.working_days import WorkingCalendar
from engine.runtime.notices.moments import due_at
from engine.runtime.notices.rules import Habit

ZONE = "Asia/Shanghai"
CALENDAR = WorkingCalendar(holidays=[date(2018, 4, 5), date(2018, 4, 6)], workdays=[date(2018, 4, 8)])


def when(how: str, at: str, *, passes: bool = False, **habit: object) -> str:
    """The local moment at which somebody is told what is known at a local moment."""
    now = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    due = due_at(how, now, habit=Habit(**habit), calendar=CALENDAR, zone=ZONE, passes=passes)  # type: ignore[arg-type]
    return due.astimezone(ZoneInfo(ZONE)).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2018-04-03 15:00", "04-03 15:00"),  # at work
        ("2018-04-03 23:00", "04-04 07:00"),  # the evening of a night
        ("2018-04-04 03:00", "04-04 07:00"),  # its morning
        ("2018-04-04 22:00", "04-08 07:00"),  # two holidays, a Saturday, and a Sunday that is worked
        ("2018-04-07 10:00", "04-08 07:00"),
        ("2018-04-08 10:00", "04-08 10:00"),
    ],
)
def test_what_is_urgent_waits_for_the_end_of_the_night_and_of_holidays(at: str, told: str) -> None:
    assert when("now", at) == told


def test_what_passes_is_told_in_the_middle_of_the_night_of_a_holiday() -> None:
    assert when("now", "2018-04-05 03:00", passes=True) == "04-05 03:00"


def test_a_digest_is_told_even_of_pressing_kinds_at_its_hour() -> None:
    assert when("digest", "2018-04-04 08:30", passes=True) == "04-08 08:30"
    assert when("digest", "2018-04-04 08:29") == "04-04 08:30"
    assert when("digest", "2018-04-04 09:00", working_days=False) == "04-05 08:30"


def test_quiet_hours_may_lie_within_a_day_or_not_exist() -> None:
    assert when("now", "2018-04-03 12:30", quiet_from="12:00", quiet_until="14:00") == "04-03 14:00"
    assert when("now", "2018-04-03 14:00", quiet_from="12:00", quiet_until="14:00") == "04-03 14:00"
    assert when("now", "2018-04-05 10:00", quiet_from="12:00", quiet_until="14:00") == "04-08 08:30"
    assert when("now", "2018-04-04 13:00", quiet_from="12:00", quiet_until="14:00") == "04-04 14:00"
    assert when("now", "2018-04-05 10:00", quiet_from="08:00", quiet_until="09:00") == "04-08 09:00"
    assert when("now", "2018-04-03 03:00", quiet_from="", quiet_until="") == "04-03 03:00"
    assert when("now", "2018-04-05 03:00", quiet_from="", quiet_until="") == "04-08 08:30"


clock_times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 60 * 24 * 20),
    st.sampled_from(["now", "digest"]),
    clock_times,
    clock_times,
    clock_times,
    st.booleans(),
)
def test_nobody_is_told_before_it_is_known_nor_in_quiet_hours_nor_on_days_off(
    minute: int, how: str, begin: str, end: str, digest: str, working: bool
) -> None:
    now = datetime(2018, 4, 1, tzinfo=ZoneInfo(ZONE)).astimezone(UTC) + timedelta(minutes=minute)
    habit = Habit(begin, end, digest, working)
    due = due_at(how, now, habit=habit, calendar=CALENDAR, zone=ZONE, passes=False)  # type: ignore[arg-type]
    local = due.astimezone(ZoneInfo(ZONE))
    assert now <= due <= now + timedelta(days=8)
    assert CALENDAR.is_working_day(local.date()) or not working
    said = local.strftime("%H:%M")
    if how == "digest":
        assert said == digest and due > now
    elif begin < end:
        assert not begin <= said < end
    elif begin > end:
        assert not (said >= begin or said < end)
