"""Functions on numbers, and the statistics of lists of numbers."""

from __future__ import annotations

import decimal
from collections import Counter
from decimal import Decimal

from engine.feel.arithmetic import CONTEXT, DEAR
from engine.feel.builtins.conversion import whole
from engine.feel.builtins.registry import builtin
from engine.feel.functions import BadCall
from engine.feel.scope import Run
from engine.feel.temporal import DayTimeDuration, YearMonthDuration
from engine.feel.values import Value

_ONE = Decimal(1)


def rounded(number: Decimal, places: Decimal, mode: str) -> Decimal:
    """A number with so many decimal places, rounded as `mode` of the decimal module says."""
    scale = whole(places)
    if not -6111 <= scale <= 6176:
        raise BadCall("小数位数应在-6111与6176之间")
    if number.as_tuple().exponent == -scale:
        return number
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent > -scale:  # nothing to round: more zeros than 34 digits need not be written
        digits = len(number.as_tuple().digits) + exponent + scale
        return number if digits > CONTEXT.prec else number.quantize(_ONE.scaleb(-scale), context=CONTEXT)
    result = number.quantize(_ONE.scaleb(-scale), rounding=mode, context=_WIDE)
    return CONTEXT.plus(result if scale >= 0 else Decimal(int(result)))


_WIDE = decimal.Context(prec=12_500, Emin=-999_999, Emax=999_999)


@builtin("decimal", "n: number, scale: number")
def decimal_half_even(run: Run, number: Decimal, scale: Decimal) -> Value:
    """Rounded to `scale` places, halves to the even digit."""
    return rounded(
        number, Decimal(whole(scale.to_integral_value(decimal.ROUND_DOWN))), decimal.ROUND_HALF_EVEN
    )


@builtin("floor", "n: number, scale: number?")
def floor(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """Towards minus infinity."""
    return rounded(number, scale, decimal.ROUND_FLOOR)


@builtin("ceiling", "n: number, scale: number?")
def ceiling(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """Towards plus infinity."""
    return rounded(number, scale, decimal.ROUND_CEILING)


@builtin("round up", "n: number, scale: number?")
def round_up(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """Away from zero."""
    return rounded(number, scale, decimal.ROUND_UP)


@builtin("round down", "n: number, scale: number?")
def round_down(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """Towards zero."""
    return rounded(number, scale, decimal.ROUND_DOWN)


@builtin("round half up", "n: number, scale: number?")
def round_half_up(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """To the nearest, halves away from zero."""
    return rounded(number, scale, decimal.ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number?")
def round_half_down(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """To the nearest, halves towards zero."""
    return rounded(number, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs", "n: number")
def absolute(run: Run, number: Decimal) -> Value:
    """Without the sign."""
    return CONTEXT.abs(number)


@builtin("abs", "n: duration")
def absolute_duration(run: Run, length: DayTimeDuration | YearMonthDuration) -> Value:
    """A duration without the sign."""
    if isinstance(length, DayTimeDuration):
        return DayTimeDuration(abs(length.nanoseconds))
    return YearMonthDuration(abs(length.months))


@builtin("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """What is left, with the sign of the divisor."""
    if divisor == 0:
        raise BadCall("除数为零")
    run.charge(10)
    rest = _WIDE.remainder(dividend, divisor)
    if rest != 0 and (rest < 0) != (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return CONTEXT.plus(rest)


@builtin("sqrt", "number: number")
def square_root(run: Run, number: Decimal) -> Value:
    """The square root; null of a negative number."""
    return CONTEXT.sqrt(number)


@builtin("log", "number: number")
def logarithm(run: Run, number: Decimal) -> Value:
    """The natural logarithm; null unless positive."""
    if number <= 0:
        raise BadCall("只有正数有对数")
    run.charge(DEAR)
    return CONTEXT.ln(number)


@builtin("exp", "number: number")
def exponential(run: Run, number: Decimal) -> Value:
    """e to the power of a number."""
    run.charge(DEAR)
    return CONTEXT.exp(number)


@builtin("odd", "number: number")
def odd(run: Run, number: Decimal) -> Value:
    """Whether a whole number is odd."""
    return whole(number) % 2 == 1


@builtin("even", "number: number")
def even(run: Run, number: Decimal) -> Value:
    """Whether a whole number is even."""
    return whole(number) % 2 == 0


def numbers_of(items: list[Value]) -> list[Decimal]:
    """The items, all of which must be numbers, of which there must be one. Raises BadCall."""
    numbers = [item for item in items if isinstance(item, Decimal)]
    if not numbers or len(numbers) != len(items):
        raise BadCall("需要数字列表")
    return numbers


def total(numbers: list[Decimal]) -> Decimal:
    """The sum in 34 digits."""
    result = Decimal(0)
    for number in numbers:
        result = CONTEXT.add(result, number)
    return result


@builtin("sum", "list: list", spread=True)
def sum_of(run: Run, items: list[Value]) -> Value:
    """The sum; null of nothing."""
    if items and all(isinstance(item, DayTimeDuration) for item in items):
        return DayTimeDuration(sum(item.nanoseconds for item in items if isinstance(item, DayTimeDuration)))
    if items and all(isinstance(item, YearMonthDuration) for item in items):
        return YearMonthDuration(sum(item.months for item in items if isinstance(item, YearMonthDuration)))
    return total(numbers_of(items))


@builtin("product", "list: list", spread=True)
def product(run: Run, items: list[Value]) -> Value:
    """The product; null of nothing."""
    result = _ONE
    for number in numbers_of(items):
        result = CONTEXT.multiply(result, number)
    return result


@builtin("mean", "list: list", spread=True)
def mean(run: Run, items: list[Value]) -> Value:
    """The arithmetic mean; null of nothing."""
    numbers = numbers_of(items)
    return CONTEXT.divide(total(numbers), Decimal(len(numbers)))


@builtin("median", "list: list", spread=True)
def median(run: Run, items: list[Value]) -> Value:
    """The middle one, or the mean of the two in the middle."""
    numbers = sorted(numbers_of(items))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@builtin("stddev", "list: list", spread=True)
def standard_deviation(run: Run, items: list[Value]) -> Value:
    """The sample standard deviation; null of fewer than two."""
    numbers = numbers_of(items)
    if len(numbers) < 2:
        raise BadCall("至少需要两个数")
    centre = CONTEXT.divide(total(numbers), Decimal(len(numbers)))
    squares = [CONTEXT.power(CONTEXT.subtract(number, centre), Decimal(2)) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(total(squares), Decimal(len(numbers) - 1)))


@builtin("mode", "list: list", spread=True)
def mode(run: Run, items: list[Value]) -> Value:
    """The most frequent numbers in rising order; nothing of nothing."""
    if not items:
        return []
    counts = Counter(numbers_of(items))
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)
