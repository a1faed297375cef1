"""Dates, times and durations as ISO 8601 text, both ways."""

from __future__ import annotations

import re

from engine.feel.calendar import DATES, Date, date_of, date_of_days, days_of
from engine.feel.temporal import DAY, SECOND, DateTime, DayTimeDuration, Time, YearMonthDuration, zone_of

Temporal = Date | Time | DateTime | DayTimeDuration | YearMonthDuration

_DATE = re.compile(r"(?!-0000)(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:([Zz])|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z0-9_+\-/]{1,64}))?",
    re.ASCII,
)
_DAYS = re.compile(
    r"(-?)P(?:(\d{1,15})D)?(?:(T)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d{0,20}))?S)?)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)


def parse_date(text: str) -> Date | None:
    """`YYYY-MM-DD`, with up to nine digits for the year and a minus before Christ, else None."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date_of(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> Time | None:
    """`HH:MM:SS[.fraction][Z | ±HH:MM | @Zone]`, else None."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nanos = int((match[4] or "0")[:9].ljust(9, "0"))
    if hour == 24 and minute == second == nanos == 0:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset: int | None = 0 if match[5] else None
    if match[6]:
        hours, minutes, seconds = int(match[7]), int(match[8]), int(match[9] or 0)
        if hours > 18 or minutes > 59 or seconds > 59 or (hours == 18 and minutes + seconds > 0):
            return None
        offset = (hours * 3600 + minutes * 60 + seconds) * (-1 if match[6] == "-" else 1)
    if match[10] and not is_zone(match[10]):
        return None
    return Time(hour, minute, second, nanos, offset, match[10])


def is_zone(name: str) -> bool:
    """Whether the time zone database knows the name."""
    try:
        zone_of(name)
    except ValueError:
        return False
    return True


def parse_date_time(text: str) -> DateTime | None:
    """A date, `T` and a time, else None."""
    date_part, separator, time_part = text.partition("T")
    if not separator:
        return None
    day, time = parse_date(date_part), parse_time(time_part)
    if day is None or time is None:
        return None
    if time_part.startswith("24:"):
        try:
            day = date_of_days(days_of(day) + 1)
        except ValueError:
            return None
    return DateTime(day, time)


def parse_duration(text: str) -> DayTimeDuration | YearMonthDuration | None:
    """`PnDTnHnMnS` or `PnYnM` with an optional minus, else None."""
    match = _DAYS.fullmatch(text)
    if match is not None:
        parts = [match[2], match[4], match[5], match[6]]
        if all(part is None for part in parts) or (match[3] and all(part is None for part in parts[1:])):
            return None
        days, hours, minutes, seconds = (int(part or 0) for part in parts)
        nanos = int((match[7] or "0")[:9].ljust(9, "0"))
        total = days * DAY + (hours * 3600 + minutes * 60 + seconds) * SECOND + nanos
        return DayTimeDuration(-total if match[1] else total)
    match = _MONTHS.fullmatch(text)
    if match is None or (match[2] is None and match[3] is None):
        return None
    months = int(match[2] or 0) * 12 + int(match[3] or 0)
    return YearMonthDuration(-months if match[1] else months)


def parse_temporal(text: str) -> Temporal | None:
    """Whatever kind of date, time or duration the text is (`@"..."`), else None."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)


def format_time(time: Time) -> str:
    """ISO text; a named zone as `@Zone`."""
    text = f"{time.hour:02}:{time.minute:02}:{time.second:02}"
    if time.nanosecond:
        text += f".{time.nanosecond:09}".rstrip("0")
    if time.zone is not None:
        return f"{text}@{time.zone}"
    if time.offset is None:
        return text
    if time.offset == 0:
        return text + "Z"
    sign, rest = ("-" if time.offset < 0 else "+"), abs(time.offset)
    text += f"{sign}{rest // 3600:02}:{rest // 60 % 60:02}"
    return text + (f":{rest % 60:02}" if rest % 60 else "")


def format_duration(value: DayTimeDuration | YearMonthDuration) -> str:
    """The shortest ISO text with normal parts: `P1DT2H`, `P1Y2M`, `PT0S`, `P0M`."""
    if isinstance(value, YearMonthDuration):
        years, months = divmod(abs(value.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-P" if value.months < 0 else "P") + (text or "0M")
    rest = abs(value.nanoseconds)
    days, rest = divmod(rest, DAY)
    seconds, nanos = divmod(rest, SECOND)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    fraction = f".{nanos:09}".rstrip("0") if nanos else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or nanos else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if value.nanoseconds < 0 else "P") + (text or "T0S")


def format_temporal(value: Temporal) -> str:
    """ISO text of any date, time or duration."""
    if isinstance(value, DateTime):
        return f"{value.date.isoformat()}T{format_time(value.time)}"
    if isinstance(value, Time):
        return format_time(value)
    if isinstance(value, DATES):
        return value.isoformat()
    return format_duration(value)
