"""When a timer fires: ISO 8601 text or a FEEL value, read once when the timer is set.

A civil date without a time is a deadline: it ends at 24:00 in the assessor's zone (DECISIONS.md).
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.temporal import DateTime, DayTimeDuration, YearMonthDuration
from engine.feel.temporal_text import parse_temporal

DEFAULT_ZONE = "Asia/Shanghai"
FOREVER = -1


class NotATimer(ValueError):
    """The value is neither a date, nor a duration, nor a cycle."""


@dataclass(frozen=True, slots=True)
class Due:
    """`at`: when to fire (UTC). `repeat`: how often again afterwards (-1: for ever), None without a cycle.

    `every`: the ISO duration between two firings of a cycle.
    """

    at: dt.datetime
    repeat: int | None = None
    every: str | None = None

    def next(self, zone: str) -> "Due | None":
        """The cycle's next firing, counted from this one's time; None when it is used up."""
        if self.repeat is None or self.every is None or self.repeat == 0:
            return None
        left = self.repeat if self.repeat == FOREVER else self.repeat - 1
        return Due(_after(self.at, _parsed(self.every), zone), left, self.every)


def due_of(kind: str, value: Any, *, now: dt.datetime, zone: str = DEFAULT_ZONE) -> Due:
    """When a timer set at `now` is due. `kind` is "date", "duration" or "cycle". Raises NotATimer."""
    if kind == "cycle":
        if not isinstance(value, str):
            raise NotATimer(repr(value))
        return _cycle(value.strip(), now, zone)
    parsed = _parsed(value.strip()) if isinstance(value, str) else value
    if isinstance(parsed, DayTimeDuration | YearMonthDuration):
        return Due(_after(now, parsed, zone))
    return Due(_instant(parsed, zone))


def _cycle(text: str, now: dt.datetime, zone: str) -> Due:
    """`R3/PT1H`, `R/P1D`, `R3/2018-01-01T00:00:00Z/PT1H`; the count is the number of firings."""
    parts = text.split("/")
    if not parts[0].startswith("R") or len(parts) not in (2, 3):
        raise NotATimer(text)
    count = parts[0][1:]
    if count and not count.isdigit():
        raise NotATimer(text)
    times = int(count) if count else FOREVER
    if times == 0:
        raise NotATimer(text)
    every = parts[-1]
    interval = _parsed(every)
    first = _instant(_parsed(parts[1]), zone) if len(parts) == 3 else _after(now, interval, zone)
    return Due(first, FOREVER if times == FOREVER else times - 1, every)


def _parsed(text: str) -> Any:
    value = parse_temporal(text)
    if value is None:
        raise NotATimer(text)
    return value


def _instant(value: Any, zone: str) -> dt.datetime:
    here = ZoneInfo(zone)
    if isinstance(value, DateTime):
        moment = value.to_python()
        return (moment if moment.tzinfo else moment.replace(tzinfo=here)).astimezone(dt.UTC)
    if isinstance(value, dt.date):
        end = dt.datetime.combine(value + dt.timedelta(days=1), dt.time(), tzinfo=here)
        return end.astimezone(dt.UTC)
    raise NotATimer(repr(value))


def _after(moment: dt.datetime, length: Any, zone: str) -> dt.datetime:
    """`moment` plus a duration; months are civil months in the zone, cut to the month's last day."""
    if isinstance(length, DayTimeDuration):
        return moment + length.to_python()
    if not isinstance(length, YearMonthDuration):
        raise NotATimer(repr(length))
    local = moment.astimezone(ZoneInfo(zone))
    years, month = divmod(local.year * 12 + local.month - 1 + length.months, 12)
    day = min(local.day, calendar.monthrange(years, month + 1)[1])
    return local.replace(year=years, month=month + 1, day=day).astimezone(dt.UTC)
