"""Functions on dates, and the clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.calendar import Date, date_of, month_length, near
from engine.feel.scope import Run
from engine.feel.temporal import DateTime
from engine.feel.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("now")
def now(run: Run) -> Value:
    """This moment by the machine's clock; a host with a clock of its own gives its own `now`."""
    return DateTime.from_python(dt.datetime.now(dt.UTC))


@builtin("today")
def today(run: Run) -> Value:
    """This day in UTC by the machine's clock; a host with a clock of its own gives its own `today`."""
    return dt.datetime.now(dt.UTC).date()


@builtin("day of year", "date: day")
def day_of_year(run: Run, day: Date | DateTime) -> Value:
    """1 to 366."""
    return Decimal(near(_day(day)).timetuple().tm_yday)


@builtin("day of week", "date: day")
def day_of_week(run: Run, day: Date | DateTime) -> Value:
    """The English name of the day."""
    return _DAYS[near(_day(day)).weekday()]


@builtin("month of year", "date: day")
def month_of_year(run: Run, day: Date | DateTime) -> Value:
    """The English name of the month."""
    return _MONTHS[_day(day).month - 1]


@builtin("week of year", "date: day")
def week_of_year(run: Run, day: Date | DateTime) -> Value:
    """The ISO 8601 week."""
    return Decimal(near(_day(day)).isocalendar().week)


@builtin("last day of month", "date: day")
def last_day_of_month(run: Run, day: Date | DateTime) -> Value:
    """The last day of its month (an extension, as in Camunda 8)."""
    date = _day(day)
    return date_of(date.year, date.month, month_length(date.year, date.month))
