"""FEEL's times, dates and times, and the two kinds of duration. Dates are in `calendar`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel.calendar import Date, date_of_days, days_of, near

SECOND = 1_000_000_000
"""Nanoseconds in a second; all lengths of time are whole nanoseconds."""
DAY = 86_400 * SECOND
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, with an offset in seconds from UTC, a named zone, or neither."""

    hour: int
    minute: int
    second: int = 0
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    @property
    def local_nanoseconds(self) -> int:
        """Nanoseconds since midnight on the wall clock."""
        return (self.hour * 3600 + self.minute * 60 + self.second) * SECOND + self.nanosecond

    @property
    def zoned(self) -> bool:
        """Whether the time says where on earth it is."""
        return self.offset is not None or self.zone is not None

    def offset_on(self, day: Date) -> int | None:
        """Seconds from UTC on `day`; None for a local time."""
        if self.zone is not None:
            moment = dt.datetime.combine(
                near(day), dt.time(self.hour, self.minute, self.second, tzinfo=zone_of(self.zone))
            )
            delta = moment.utcoffset()
            return int(delta.total_seconds()) if delta is not None else None
        return self.offset

    @property
    def utc_nanoseconds(self) -> int:
        """Nanoseconds since midnight UTC; the wall clock when the time is local."""
        return self.local_nanoseconds - (self.offset_on(_EPOCH) or 0) * SECOND

    @classmethod
    def of_nanoseconds(cls, total: int, *, offset: int | None = None, zone: str | None = None) -> Time:
        """The time `total` nanoseconds after midnight, around the clock."""
        seconds, nanos = divmod(total % DAY, SECOND)
        return cls(seconds // 3600, seconds // 60 % 60, seconds % 60, nanos, offset, zone)

    def to_python(self) -> dt.time:
        """As `datetime.time`; parts of a microsecond are cut off."""
        info = None if self.offset is None else dt.timezone(dt.timedelta(seconds=self.offset))
        return dt.time(self.hour, self.minute, self.second, self.nanosecond // 1000, tzinfo=info)


MIDNIGHT = Time(0, 0)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day; the time carries the zone."""

    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        """Seconds from UTC; None for a local date and time."""
        return self.time.offset_on(self.date)

    @property
    def local_nanoseconds(self) -> int:
        """Nanoseconds since 1970 on the wall clock."""
        return days_of(self.date) * DAY + self.time.local_nanoseconds

    @property
    def utc_nanoseconds(self) -> int:
        """Nanoseconds since 1970 in UTC; the wall clock when local."""
        return self.local_nanoseconds - (self.offset or 0) * SECOND

    @classmethod
    def of_local(cls, nanoseconds: int, *, offset: int | None = None, zone: str | None = None) -> DateTime:
        """From nanoseconds since 1970 on the wall clock. Raises ValueError beyond the years there are."""
        days, rest = divmod(nanoseconds, DAY)
        return cls(date_of_days(days), Time.of_nanoseconds(rest, offset=offset, zone=zone))

    def plus(self, nanoseconds: int) -> DateTime:
        """This moment later by so much; a named zone keeps its own clock changes."""
        time = self.time
        if time.zone is None:
            return DateTime.of_local(self.local_nanoseconds + nanoseconds, offset=time.offset)
        utc = self.utc_nanoseconds + nanoseconds
        return DateTime.of_local(utc + _offset_at(time.zone, utc) * SECOND, zone=time.zone)

    def to_python(self) -> dt.datetime:
        """As `datetime.datetime`, aware when this is; parts of a microsecond are cut off.

        Raises OverflowError outside the years 1 to 9999.
        """
        time = self.time
        if not isinstance(self.date, dt.date):
            raise OverflowError("日期超出公元1年至9999年")
        info: dt.tzinfo | None = None
        if time.zone is not None:
            info = zone_of(time.zone)
        elif time.offset is not None:
            info = dt.timezone(dt.timedelta(seconds=time.offset)) if time.offset else dt.UTC
        clock = dt.time(time.hour, time.minute, time.second, time.nanosecond // 1000)
        return dt.datetime.combine(self.date, clock, tzinfo=info)

    @classmethod
    def from_python(cls, moment: dt.datetime) -> DateTime:
        """From `datetime.datetime`; a ZoneInfo stays a named zone, anything else becomes an offset."""
        zone = moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None
        delta = moment.utcoffset()
        offset = int(delta.total_seconds()) if delta is not None and zone is None else None
        nanos = moment.microsecond * 1000
        return cls(moment.date(), Time(moment.hour, moment.minute, moment.second, nanos, offset, zone))


@dataclass(frozen=True, slots=True)
class DayTimeDuration:
    """A length in days, hours, minutes and seconds; kept in nanoseconds."""

    nanoseconds: int

    def to_python(self) -> dt.timedelta:
        """As `timedelta`. Raises OverflowError beyond its range."""
        return dt.timedelta(microseconds=self.nanoseconds // 1000)

    @classmethod
    def from_python(cls, delta: dt.timedelta) -> DayTimeDuration:
        """From `timedelta`, exactly."""
        return cls(((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000)


@dataclass(frozen=True, slots=True)
class YearMonthDuration:
    """A length in years and months; kept in months."""

    months: int


def _offset_at(zone: str, utc_nanoseconds: int) -> int:
    """Seconds from UTC that a named zone has at a moment, given in nanoseconds since 1970."""
    days, rest = divmod(utc_nanoseconds, DAY)
    moment = dt.datetime.combine(near(date_of_days(days)), dt.time(tzinfo=dt.UTC))
    delta = (moment + dt.timedelta(seconds=rest // SECOND)).astimezone(zone_of(zone)).utcoffset()
    return int(delta.total_seconds()) if delta is not None else 0


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The named zone. Raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"没有时区“{name}”") from error
