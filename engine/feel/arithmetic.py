"""`+ - * / **` on numbers, texts, dates, times and durations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from operator import index

from engine.feel.calendar import DATES, Date, FarDate, date_of, month_length
from engine.feel.scope import Run
from engine.feel.temporal import DAY, MIDNIGHT, SECOND, DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.values import Value

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
"""IEEE 754 decimal128, as the standard asks. Always used by name: the thread's own context is left alone."""

DEAR = 100
"""Steps that a logarithm, or a power that is no whole one, is worth."""
DATED = 10
"""Steps that moving a date is worth."""

Operation = Callable[[Run, Value, Value], Value]
"""May raise ArithmeticError or ValueError; gives NotImplemented for kinds that do not go together."""


def add(run: Run, left: Value, right: Value) -> Value:
    """`left + right`."""
    match left, right:
        case (Decimal(), Decimal()):
            return CONTEXT.add(left, right)
        case (str(), str()):
            return run.text_of(left + right)
        case (DayTimeDuration(), DayTimeDuration()):
            return DayTimeDuration(left.nanoseconds + right.nanoseconds)
        case (YearMonthDuration(), YearMonthDuration()):
            return YearMonthDuration(left.months + right.months)
        case (DayTimeDuration() | YearMonthDuration(), _):
            run.charge(DATED)
            return shift(right, left, 1)
        case (_, DayTimeDuration() | YearMonthDuration()):
            run.charge(DATED)
            return shift(left, right, 1)
    return NotImplemented


def subtract(run: Run, left: Value, right: Value) -> Value:
    """`left - right`."""
    match left, right:
        case (Decimal(), Decimal()):
            return CONTEXT.subtract(left, right)
        case (DayTimeDuration(), DayTimeDuration()):
            return DayTimeDuration(left.nanoseconds - right.nanoseconds)
        case (YearMonthDuration(), YearMonthDuration()):
            return YearMonthDuration(left.months - right.months)
        case (_, DayTimeDuration() | YearMonthDuration()):
            run.charge(DATED)
            return shift(left, right, -1)
        case (Time(), Time()):
            if left.zoned != right.zoned:
                return NotImplemented
            return DayTimeDuration(left.utc_nanoseconds - right.utc_nanoseconds)
        case (dt.date() | FarDate() | DateTime(), dt.date() | FarDate() | DateTime()):
            run.charge(DATED)
            return _between(left, right)
    return NotImplemented


def _between(left: Date | DateTime, right: Date | DateTime) -> Value:
    first, second = _moment(left), _moment(right)
    both_dates = isinstance(left, DATES) and isinstance(right, DATES)
    if not both_dates and first.time.zoned != second.time.zoned:
        return NotImplemented
    return DayTimeDuration(first.utc_nanoseconds - second.utc_nanoseconds)


def _moment(value: Date | DateTime) -> DateTime:
    # Source: DMN 1.5, 10.3.2.3.6: a date stands for its midnight UTC.
    return DateTime(value, Time(0, 0, offset=0)) if isinstance(value, DATES) else value


def multiply(run: Run, left: Value, right: Value) -> Value:
    """`left * right`."""
    match left, right:
        case (Decimal(), Decimal()):
            return CONTEXT.multiply(left, right)
        case (DayTimeDuration() | YearMonthDuration(), Decimal()):
            return _scaled(left, CONTEXT.multiply(_length(left), right))
        case (Decimal(), DayTimeDuration() | YearMonthDuration()):
            return _scaled(right, CONTEXT.multiply(_length(right), left))
    return NotImplemented


def divide(run: Run, left: Value, right: Value) -> Value:
    """`left / right`."""
    match left, right:
        case (Decimal(), Decimal()):
            return CONTEXT.divide(left, right)
        case (DayTimeDuration() | YearMonthDuration(), Decimal()):
            return _scaled(left, CONTEXT.divide(_length(left), right))
        case (DayTimeDuration(), DayTimeDuration()):
            return CONTEXT.divide(_length(left), _length(right))
        case (YearMonthDuration(), YearMonthDuration()):
            return CONTEXT.divide(_length(left), _length(right))
    return NotImplemented


def power(run: Run, left: Value, right: Value) -> Value:
    """`left ** right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        run.charge(10 if right == right.to_integral_value() else DEAR)
        return raised(left, right)
    return NotImplemented


def raised(base: Decimal, exponent: Decimal) -> Decimal:
    """`base ** exponent`. Raises DivisionByZero for 0 to a negative power, which the context lets pass."""
    if not base and exponent < 0:
        raise DivisionByZero
    if not exponent:  # of 0 too, as IEEE 754 has it
        return Decimal(1)
    return CONTEXT.power(base, exponent)


def negate(run: Run, value: Value) -> Value:
    """`-value`."""
    match value:
        case Decimal():
            return CONTEXT.minus(value)
        case DayTimeDuration():
            return DayTimeDuration(-value.nanoseconds)
        case YearMonthDuration():
            return YearMonthDuration(-value.months)
    return NotImplemented


def _length(value: DayTimeDuration | YearMonthDuration) -> Decimal:
    return Decimal(value.nanoseconds if isinstance(value, DayTimeDuration) else value.months)


def _scaled(like: DayTimeDuration | YearMonthDuration, length: Decimal) -> Value:
    if abs(length) > Decimal(10) ** 30:
        raise ValueError("时长过长")
    whole = index(int(length))
    return DayTimeDuration(whole) if isinstance(like, DayTimeDuration) else YearMonthDuration(whole)


def shift(value: Value, duration: DayTimeDuration | YearMonthDuration, sign: int) -> Value:
    """A date, time, or date and time, later (or earlier, sign -1) by a duration.

    Raises ValueError beyond the years there are.
    """
    if isinstance(duration, YearMonthDuration):
        return _months_later(value, sign * duration.months)
    if isinstance(value, DateTime):
        return value.plus(sign * duration.nanoseconds)
    if isinstance(value, Time):
        total = value.local_nanoseconds + sign * duration.nanoseconds
        return Time.of_nanoseconds(total, offset=value.offset, zone=value.zone)
    if isinstance(value, DATES):
        return DateTime(value, MIDNIGHT).plus(sign * duration.nanoseconds).date
    return NotImplemented


def _months_later(value: Value, months: int) -> Value:
    if isinstance(value, DateTime):
        day = _months_later(value.date, months)
        return DateTime(day, value.time) if isinstance(day, DATES) else NotImplemented
    if not isinstance(value, DATES):
        return NotImplemented
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    return date_of(year, month + 1, min(value.day, month_length(year, month + 1)))


def seconds(value: DayTimeDuration) -> Decimal:
    """A duration's length in seconds."""
    return CONTEXT.divide(Decimal(value.nanoseconds), Decimal(SECOND))


OPERATIONS: dict[str, Operation] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}

__all__ = ["CONTEXT", "DAY", "OPERATIONS", "negate", "raised", "seconds", "shift"]
