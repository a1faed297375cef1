"""Dates of the years -999999999 to 999999999: `datetime.date` where it reaches, FarDate beyond."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

MAX_YEAR = 999_999_999
"""Source: DMN 1.5, 10.3.2.3.4, which takes the range of XML Schema's years; nine digits as Java has."""
_EPOCH = dt.date(1970, 1, 1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
"""After 400 years the calendar repeats, days of the week included."""


@dataclass(frozen=True, slots=True)
class FarDate:
    """A day outside the years 1 to 9999, in the Gregorian calendar continued both ways; 0 is 1 BC."""

    year: int
    month: int
    day: int

    def __lt__(self, other: object) -> bool:
        if isinstance(other, DATES):
            return (self.year, self.month, self.day) < (other.year, other.month, other.day)
        return NotImplemented

    def __gt__(self, other: object) -> bool:
        if isinstance(other, DATES):
            return (self.year, self.month, self.day) > (other.year, other.month, other.day)
        return NotImplemented

    def isoformat(self) -> str:
        """`YYYY-MM-DD` with as many digits and the sign that the year needs."""
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


Date: TypeAlias = dt.date | FarDate
DATES = (dt.date, FarDate)
"""For `isinstance`."""


def month_length(year: int, month: int) -> int:
    """Days in a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def date_of(year: int, month: int, day: int) -> Date:
    """The day of three numbers. Raises ValueError when there is none."""
    if 1 <= year <= 9999:
        return dt.date(year, month, day)
    if abs(year) > MAX_YEAR:
        raise ValueError(f"年份应在-{MAX_YEAR}与{MAX_YEAR}之间")
    if not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise ValueError("没有这一天")
    return FarDate(year, month, day)


def days_of(day: Date) -> int:
    """Days since 1 January 1970."""
    if isinstance(day, dt.date):
        return day.toordinal() - _EPOCH_ORDINAL
    alike = near(day)
    cycles = (day.year - alike.year) // _CYCLE_YEARS
    return alike.toordinal() - _EPOCH_ORDINAL + cycles * _CYCLE_DAYS


def date_of_days(days: int) -> Date:
    """The day so many days after 1 January 1970. Raises ValueError beyond the years there are."""
    ordinal = days + _EPOCH_ORDINAL
    if 1 <= ordinal <= dt.date.max.toordinal():
        return dt.date.fromordinal(ordinal)
    cycles, rest = divmod(ordinal - 1, _CYCLE_DAYS)
    alike = dt.date.fromordinal(rest + 1)
    return date_of(alike.year + cycles * _CYCLE_YEARS, alike.month, alike.day)


def near(day: Date) -> dt.date:
    """A day with the same month, day, weekday and week in a year that Python's calendar and zones know."""
    if isinstance(day, dt.date) and 1 < day.year < 9999:
        return day
    base = 9200 if day.year > 1 else 400
    return dt.date(base + day.year % _CYCLE_YEARS, day.month, day.day)
