"""Counting in working days. Pure: a calendar is a value."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

MOST_DAYS = 10_000
"""More working days are not added at once: about forty years."""
_SATURDAY = 5
_DAY = timedelta(days=1)


class WorkingCalendar:
    """Weekdays work, weekends do not, but for `holidays` and `workdays` (weekends worked instead, 调休).

    `known_years` are those whose public holidays were entered; of others only the weekends are known.
    """

    def __init__(
        self,
        *,
        holidays: Iterable[date] = (),
        workdays: Iterable[date] = (),
        known_years: Iterable[int] = (),
    ) -> None:
        self.holidays = frozenset(holidays)
        self.workdays = frozenset(workdays)
        self.known_years = frozenset(known_years)
        self._lost = sorted(day for day in self.holidays if day.weekday() < _SATURDAY)
        self._gained = sorted(day for day in self.workdays if day.weekday() >= _SATURDAY)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`."""
        if day in self.holidays:
            return False
        return day.weekday() < _SATURDAY or day in self.workdays

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, before it when negative.

        With 0: `day` itself when it is one, else the next one. Raises ValueError beyond `MOST_DAYS`,
        OverflowError beyond the calendar.
        """
        if abs(count) > MOST_DAYS:
            raise ValueError(f"最多推算 {MOST_DAYS} 个工作日")
        if count == 0:
            while not self.is_working_day(day):
                day += _DAY
            return day
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to `end`; negative when `end` is earlier.

        So `working_days_between(d, add_working_days(d, n)) == n` for n ≥ 0, and for n < 0 when `d` works.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return _weekdays(start, end) - _within(self._lost, start, end) + _within(self._gained, start, end)

    def unknown_years(self, start: date, end: date) -> list[int]:
        """Years between two days whose holidays nobody has entered; a page says so beside the date."""
        years = range(min(start, end).year, max(start, end).year + 1)
        return [year for year in years if year not in self.known_years]


WEEKENDS_ONLY = WorkingCalendar()
"""What is known without any entry."""


def _within(days: list[date], start: date, end: date) -> int:
    return bisect_right(days, end) - bisect_right(days, start)


def _weekdays(start: date, end: date) -> int:
    """Mondays to Fridays after `start` up to `end`."""

    def until(day: date) -> int:
        weeks, rest = divmod(day.toordinal(), 7)
        # Ordinal 1 is a Monday, so `rest` days of the running week have begun on a Monday.
        return weeks * 5 + min(rest, 5)

    return until(end) - until(start)
