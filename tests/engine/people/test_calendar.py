"""Working days: the published holidays, the office's edits, and counting that agrees with itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from engine.clock import VirtualClock
from engine.feel import evaluate
from engine.people.calendar import Calendars, confirm_year, days_of, functions, seed_calendar, set_day
from engine.people.refusals import PeopleRefused
from engine.people.working_days import WEEKENDS_ONLY, WorkingCalendar
from engine.store import Database
from tests.engine.people.conftest import City, build_city

FESTIVAL = WorkingCalendar(
    holidays=[date(2018, 2, 15) + timedelta(days=n) for n in range(7)],
    workdays=[date(2018, 2, 11), date(2018, 2, 24)],
    known_years=[2018],
)


def test_spring_festival_2018_is_jumped_and_its_worked_weekends_count() -> None:
    assert FESTIVAL.add_working_days(date(2018, 2, 9), 1) == date(2018, 2, 11)
    assert FESTIVAL.add_working_days(date(2018, 2, 14), 1) == date(2018, 2, 22)
    assert FESTIVAL.add_working_days(date(2018, 2, 22), 2) == date(2018, 2, 24)
    assert FESTIVAL.add_working_days(date(2018, 2, 22), -1) == date(2018, 2, 14)
    assert FESTIVAL.working_days_between(date(2018, 2, 9), date(2018, 2, 24)) == 7


def test_zero_days_means_the_day_itself_or_the_next_working_one() -> None:
    assert FESTIVAL.add_working_days(date(2018, 2, 14), 0) == date(2018, 2, 14)
    assert FESTIVAL.add_working_days(date(2018, 2, 16), 0) == date(2018, 2, 22)


@given(
    st.dates(date(2017, 1, 1), date(2019, 12, 31)),
    st.integers(-60, 60),
    st.frozensets(st.dates(date(2017, 1, 1), date(2019, 12, 31)), max_size=20),
    st.frozensets(st.dates(date(2017, 1, 1), date(2019, 12, 31)), max_size=20),
)
def test_adding_and_counting_agree_for_any_calendar(
    day: date, count: int, holidays: frozenset[date], workdays: frozenset[date]
) -> None:
    calendar = WorkingCalendar(holidays=holidays, workdays=workdays - holidays)
    reached = calendar.add_working_days(day, count)
    assert calendar.is_working_day(reached)
    if count > 0 or calendar.is_working_day(day):
        assert calendar.working_days_between(day, reached) == count
    slow = sum(calendar.is_working_day(day + timedelta(days=n)) for n in range(1, 200))
    assert calendar.working_days_between(day, day + timedelta(days=199)) == slow


def test_far_too_many_days_are_refused() -> None:
    with pytest.raises(ValueError, match="10000"):
        WEEKENDS_ONLY.add_working_days(date(2018, 1, 1), 10_001)
    with pytest.raises(OverflowError):
        WEEKENDS_ONLY.add_working_days(date(9999, 12, 1), 100)


def test_seed_enters_published_years_and_says_which_are_unknown(city: City, connection: Connection) -> None:
    root = city.ids["C0"]
    seeded = seed_calendar(connection, root, range(2016, 2100))
    assert set(range(2016, 2027)) <= set(seeded.entered)
    assert 2099 in seeded.unknown and "2099" in seeded.notice
    names = {day.day_on: (day.kind, day.name) for day in days_of(connection, root, 2018)}
    assert names[date(2018, 10, 1)] == ("holiday", "国庆节")
    assert names[date(2018, 2, 11)] == ("workday", "春节调休")
    calendar = Calendars().of(connection, root)
    assert not calendar.is_working_day(date(2018, 4, 6))
    assert calendar.is_working_day(date(2099, 10, 1))
    assert calendar.unknown_years(date(2018, 12, 1), date(2018, 12, 31)) == []
    assert 2099 in calendar.unknown_years(date(2098, 12, 1), date(2099, 1, 1))


def test_office_edits_stay_when_years_are_seeded_again(city: City, connection: Connection) -> None:
    root = city.ids["C0"]
    set_day(connection, root, date(2018, 10, 1), kind="workday", name="值班")
    seed_calendar(connection, root, [2018])
    set_day(connection, root, date(2018, 10, 2), kind=None)
    again = seed_calendar(connection, root, [2018])
    assert again.entered == ()
    calendar = Calendars().of(connection, root)
    assert calendar.is_working_day(date(2018, 10, 1))
    assert calendar.is_working_day(date(2018, 10, 2))
    confirm_year(connection, root, 2030)
    assert Calendars().of(connection, root).unknown_years(date(2030, 1, 1), date(2030, 2, 1)) == []
    with pytest.raises(PeopleRefused):
        set_day(connection, root, date(2018, 10, 3), kind="party")  # type: ignore[arg-type]


def test_an_edit_by_another_process_is_noticed_and_a_rolled_back_one_forgotten(database: Database) -> None:
    calendars, day = Calendars(), date(2018, 3, 1)
    with database.write() as connection:
        root = build_city(connection).ids["C0"]
    with database.read() as connection:
        before = calendars.of(connection, root)
        assert calendars.of(connection, root) is before
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        set_day(connection, root, day, kind="holiday")
        assert not calendars.of(connection, root).is_working_day(day)
        raise ZeroDivisionError
    with database.read() as connection:
        assert calendars.of(connection, root).is_working_day(day)
    with database.write() as connection:
        set_day(connection, root, day + timedelta(days=1), kind="holiday")
    with database.read() as connection:
        edited = calendars.of(connection, root)
        assert edited.is_working_day(day) and not edited.is_working_day(day + timedelta(days=1))


def test_expressions_count_working_days_by_the_calendar_and_the_clock() -> None:
    clock = VirtualClock(datetime(2018, 2, 13, 20, 0, tzinfo=UTC))  # 14 February, 4 in the morning in China
    given_ = functions(lambda: FESTIVAL, clock)
    context = {"start": date(2018, 2, 14)}
    assert evaluate("add working days(start, 3)", context, functions=given_) == date(2018, 2, 24)
    assert evaluate("add working days(today(), 1)", functions=given_) == date(2018, 2, 22)
    assert evaluate('working days between(start, date("2018-02-24"))', context, functions=given_) == Decimal(
        3
    )
    assert evaluate("is working day(start)", context, functions=given_) is True
    late = 'add working days(date and time("2018-02-13T20:00:00Z"), 1)'
    assert evaluate(late, functions=given_) == date(2018, 2, 22)


@pytest.mark.parametrize("text", ["add working days(null, 3)", "add working days(start, 1.5)"])
def test_wrong_arguments_give_null_with_a_warning(text: str) -> None:
    given_ = functions(lambda: FESTIVAL, VirtualClock(datetime(2018, 2, 13, tzinfo=UTC)))
    warnings: list[object] = []
    assert evaluate(text, {"start": date(2018, 2, 14)}, functions=given_, warnings=warnings) is None  # type: ignore[arg-type]
    assert warnings
