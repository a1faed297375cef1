"""Between kinds: string, number, date, time, duration; and `not`, `is`."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel.arithmetic import CONTEXT
from engine.feel.builtins.registry import builtin
from engine.feel.calendar import DATES, Date
from engine.feel.calendar import date_of as civil_date
from engine.feel.compare import equal
from engine.feel.functions import BadCall
from engine.feel.scope import Run
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.text import string_of
from engine.feel.values import Value

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?", re.ASCII)


@builtin("string", "from: any")
def string(run: Run, value: Value) -> Value:
    """Any value as text; null stays null."""
    return None if value is None else string_of(run, value)


@builtin("number", "from: string")
@builtin("number", "from: string, grouping separator: string|null, decimal separator: string|null?")
def number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Value:
    """The number that a text spells."""
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (point and point == grouping)
    ):
        raise BadCall("分隔符应当是空格、“,”、“.”中不同的两个")
    if grouping is not None:
        text = text.replace(grouping, "")
    if point is not None and point != ".":
        text = text.replace(".", "?").replace(point, ".")
    if len(text) > run.limits.number_digits or _NUMBER.fullmatch(text) is None:
        raise BadCall(f"“{text[:40]}”不是数字")
    return CONTEXT.create_decimal(text)


@builtin("not", "negand: any")
def negation(run: Run, value: Value) -> Value:
    """True for false, false for true, null for the rest."""
    return not value if isinstance(value, bool) else None


@builtin("is", "value1: any, value2: any")
def same(run: Run, left: Value, right: Value) -> Value:
    """Whether both are the same value of the same kind; zones must be written alike."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Time | DateTime):
        return left == right
    return equal(run, left, right) is True


@builtin("date", "from: string")
def date_from_text(run: Run, text: str) -> Value:
    """The date that a text spells."""
    day = parse_date(text)
    if day is None:
        raise BadCall(f"“{text[:40]}”不是日期")
    return day


@builtin("date", "from: day")
def date_from(run: Run, value: Date | DateTime) -> Value:
    """The date of a date and time."""
    return value.date if isinstance(value, DateTime) else value


@builtin("date", "year: number, month: number, day: number")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """The date of three numbers."""
    return civil_date(whole(year), whole(month), whole(day))


def whole(number: Decimal) -> int:
    """A number as int. Raises BadCall when it has a fraction or is huge."""
    if abs(number) > 10**15 or number != number.to_integral_value():
        raise BadCall(f"{number!s:.40}不是可用的整数")
    return int(number)


@builtin("time", "from: string")
def time_from_text(run: Run, text: str) -> Value:
    """The time of day that a text spells."""
    time = parse_time(text)
    if time is None:
        raise BadCall(f"“{text[:40]}”不是时间")
    return time


@builtin("time", "from: moment")
def time_from(run: Run, value: Date | DateTime | Time) -> Value:
    """The time of day of a date and time; midnight UTC of a date."""
    if isinstance(value, DATES):
        return Time(0, 0, offset=0)
    return value.time if isinstance(value, DateTime) else value


@builtin("time", "hour: number, minute: number, second: number, offset: days|null?")
def time_of(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DayTimeDuration | None = None
) -> Value:
    """The time of three numbers and an offset from UTC."""
    seconds, fraction = divmod(second, 1)
    hours, minutes, whole_seconds = whole(hour), whole(minute), whole(seconds)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= whole_seconds < 60):
        raise BadCall("没有这个时刻")
    shift = None if offset is None else offset.nanoseconds // 1_000_000_000
    if shift is not None and abs(shift) > 18 * 3600:
        raise BadCall("时差最多18小时")
    return Time(hours, minutes, whole_seconds, int(fraction * 1_000_000_000), shift)


@builtin("date and time", "from: string")
def date_time_from_text(run: Run, text: str) -> Value:
    """The date and time that a text spells; a bare date is its midnight."""
    moment = parse_date_time(text)
    if moment is not None:
        return moment
    day = parse_date(text)
    if day is None:
        raise BadCall(f"“{text[:40]}”不是日期时间")
    return DateTime(day, Time(0, 0))


@builtin("date and time", "date: day, time: time")
def date_time_of(run: Run, day: Date | DateTime, time: Time) -> Value:
    """A date and a time of day put together."""
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


@builtin("date and time", "from: datetime")
def date_time_same(run: Run, moment: DateTime) -> Value:
    """A date and time stays as it is."""
    return moment


@builtin("duration", "from: string")
def duration(run: Run, text: str) -> Value:
    """The duration that a text spells."""
    length = parse_duration(text)
    if length is None:
        raise BadCall(f"“{text[:40]}”不是时长")
    return length


@builtin("duration", "from: duration")
def duration_same(run: Run, value: DayTimeDuration | YearMonthDuration) -> Value:
    """A duration stays as it is."""
    return value


@builtin("years and months duration", "from: day, to: day")
def months_between(run: Run, start: Date | DateTime, end: Date | DateTime) -> Value:
    """Whole months from one day to another."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearMonthDuration(months)
