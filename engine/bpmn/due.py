"""When a timer fires: ISO 8601 text or a FEEL value, read once when the timer is set.

A civil date without a time is a deadline: it ends at 24:00 in the assessor's zone (DECISIONS.md).
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.temporal import DateTime, DayTimeDuration, YearMonthDuration
from engine.feel.temporal_text import parse_temporal

DEFAULT_ZONE = "Asia/Shanghai"
FOREVER = -1
_LONGEST = 100
"""Characters of a timer's text."""
_SIZE = r"(-?)P(?=.)((?:\d+Y)?(?:\d+M)?)(?:(\d+)W)?((?:\d+D)?(?:T.+)?)"
_LENGTH = re.compile(_SIZE, re.ASCII)
_COUNT = re.compile(r"R(-1|\d*)", re.ASCII)
_IN_EVERY_MONTH = 28
MADE_UP = 100
"""How many of a cycle's firings that nobody was there for come late, the last ones; those before never."""
_SOME_DAY = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)


class NotATimer(ValueError):
    """The value is neither a date, nor a duration, nor a cycle; or it lies beyond the calendar."""


@dataclass(frozen=True, slots=True)
class Due:
    """`at`: when to fire (UTC). `repeat`: how often again afterwards (-1: for ever), None without a cycle.

    `every`: the ISO duration between two firings of a cycle. `day`: the day of the month from which a cycle
    of months counts, where not every month has it: after 28 February comes 31 March again.
    """

    at: dt.datetime
    repeat: int | None = None
    every: str | None = None
    day: int | None = None

    def next(self, *, now: dt.datetime, zone: str) -> "Due | None":
        """The cycle's next firing, counted from this one's time; None when it is used up.

        It may be over by `now`: of a whole standstill the last `MADE_UP` come late, and only they count.
        """
        if self.repeat is None or self.every is None or self.repeat == 0:
            return None
        left = self.repeat if self.repeat == FOREVER else self.repeat - 1
        every = _length(self.every)
        at = _after(self.at, every, zone, day=self.day)
        if every is not None and not every.months:
            missed = (now - at) // every.fixed + 1
            at += max(missed - (MADE_UP - 1), 0) * every.fixed
        return Due(at, left, self.every, self.day)


@dataclass(frozen=True, slots=True)
class _Length:
    """A duration: civil months, then a fixed time. ISO 8601 mixes them (`P1M3D`), FEEL does not."""

    months: int = 0
    fixed: dt.timedelta = dt.timedelta()


def due_of(kind: str, value: Any, *, now: dt.datetime, zone: str = DEFAULT_ZONE) -> Due:
    """When a timer set at `now` is due. `kind` is "date", "duration" or "cycle". Raises NotATimer."""
    try:
        if kind == "cycle":
            return _cycle(value, now, zone)
        length = _length(value)
        return Due(_instant(value, zone) if length is None else _after(now, length, zone))
    except (OverflowError, ValueError) as error:
        raise NotATimer(repr(value)[:_LONGEST]) from error


def fixed_length(value: Any) -> dt.timedelta | None:
    """How long a duration (text or FEEL value) is, where that does not hang on the calendar; else None."""
    length = _length(value)
    return None if length is None or length.months else length.fixed


def readable(kind: str, text: str) -> bool:
    """Would a timer with this text ever be due?"""
    try:
        due_of(kind, text, now=_SOME_DAY)
    except NotATimer:
        return False
    return True


def _cycle(text: Any, now: dt.datetime, zone: str) -> Due:
    """`R3/PT1H`, `R/P1D`, `R3/2018-01-01T00:00:00Z/PT1H`; the count is the number of firings.

    No count, or -1 as Camunda writes it, is for ever. What comes again must take some time. Of a beginning
    that is over only the rhythm is left: the first firing is the first that is not over, and counts as such.
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise NotATimer(repr(text)[:_LONGEST])
    head, *parts = text.strip().split("/")
    counted = _COUNT.fullmatch(head)
    if counted is None or len(parts) not in (1, 2):
        raise NotATimer(text)
    times, every = int(counted[1] or FOREVER), _length(parts[-1])
    if times == 0 or every is None or _after(_SOME_DAY, every, zone) <= _SOME_DAY:
        raise NotATimer(text)
    begun = _instant(parts[0], zone) if len(parts) == 2 else now
    day = begun.astimezone(ZoneInfo(zone)).day if every.months and not every.fixed else 0
    kept = day if day > _IN_EVERY_MONTH else None
    first = _not_over(begun, every, zone, day=kept, now=now) if len(parts) == 2 else _after(now, every, zone)
    return Due(first, FOREVER if times == FOREVER else times - 1, parts[-1], kept)


def _not_over(
    begun: dt.datetime, every: _Length, zone: str, *, day: int | None, now: dt.datetime
) -> dt.datetime:
    """The first time of a rhythm that is not before `now`; `day` as in `_after`."""
    if begun >= now:
        return begun
    if not every.months:
        return begun + -((begun - now) // every.fixed) * every.fixed
    at = begun
    if not every.fixed:
        between = (now.year - begun.year) * 12 + now.month - begun.month
        times = max(between // every.months - 1, 0)
        at = _after(begun, _Length(months=times * every.months), zone, day=day)
    while at < now:
        at = _after(at, every, zone, day=day)
    return at


def _length(value: Any) -> _Length | None:
    """A duration, else None."""
    if isinstance(value, str):
        match = _LENGTH.fullmatch(value.strip()[:_LONGEST])
        return _written(*match.groups()) if match else None
    if isinstance(value, YearMonthDuration):
        return _Length(months=value.months)
    return _Length(fixed=value.to_python()) if isinstance(value, DayTimeDuration) else None


def _written(sign: str, civil: str, weeks: str | None, fixed: str) -> _Length:
    """The parts of an ISO 8601 duration. Raises NotATimer, OverflowError."""
    months, rest = (parse_temporal("P" + part) if part else None for part in (civil, fixed))
    if (civil and months is None) or (fixed and rest is None):
        raise NotATimer(civil + fixed)
    direction = -1 if sign else 1
    whole = rest.to_python() if isinstance(rest, DayTimeDuration) else dt.timedelta()
    return _Length(
        direction * (months.months if isinstance(months, YearMonthDuration) else 0),
        direction * (whole + dt.timedelta(weeks=int(weeks or 0))),
    )


def _instant(value: Any, zone: str) -> dt.datetime:
    here = ZoneInfo(zone)
    if isinstance(value, str):
        value = _moment(value.strip()[:_LONGEST])
    if isinstance(value, DateTime):
        value = value.to_python()
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=here)).astimezone(dt.UTC)
    if isinstance(value, dt.date):
        end = dt.datetime.combine(value + dt.timedelta(days=1), dt.time(), tzinfo=here)
        return end.astimezone(dt.UTC)
    raise NotATimer(repr(value))


def _moment(text: str) -> Any:
    """FEEL's dates, and the other ways in which ISO 8601 writes them (`2018-03-01T09:00+08`)."""
    found = parse_temporal(text)
    if found is not None:
        return found
    read = dt.datetime.fromisoformat if "T" in text else dt.date.fromisoformat
    try:
        return read(text)
    except ValueError as error:
        raise NotATimer(text) from error


def _after(moment: dt.datetime, length: _Length | None, zone: str, *, day: int | None = None) -> dt.datetime:
    """`moment` plus a duration; months are civil months in the zone, cut to the month's last day.

    `day`: the day of the month that is meant, where it is not the moment's own.
    """
    if length is None:
        raise NotATimer("no duration")
    if not length.months:
        return moment + length.fixed
    local = moment.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + length.months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise NotATimer(f"{length.months} months")
    last = min(day or local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=last).astimezone(dt.UTC) + length.fixed
