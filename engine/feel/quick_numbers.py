"""The short way of arithmetic, of tests with `in` and `between`, and of the functions that conditions use."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.arithmetic import CONTEXT
from engine.feel.quick import (
    MAX_ITEMS,
    MAX_LETTERS,
    Quick,
    Run,
    Scope,
    Unusual,
    of_kind,
    ready,
    shorten,
    shortens,
    together,
)
from engine.feel.quick_compare import OPERATORS, plain

_OPERATIONS: dict[str, Callable[[Any, Any], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}


@shortens(syntax.Arithmetic)
def arithmetic(node: syntax.Arithmetic) -> Quick | None:
    """`left op right` of two numbers."""
    parts = [shorten(node.left), shorten(node.right)]
    first, second, operate = (
        of_kind(parts[0], "number"),
        of_kind(parts[1], "number"),
        _OPERATIONS.get(node.op),
    )
    if first is None or second is None or operate is None:
        return None
    one, other, work = first, second, operate
    if isinstance(node.left, syntax.Literal):
        constant = node.left.value
        return together(parts, run=lambda scope: work(constant, other(scope)), kind="number")
    if isinstance(node.right, syntax.Literal):
        constant = node.right.value
        return together(parts, run=lambda scope: work(one(scope), constant), kind="number")
    return together(parts, run=lambda scope: work(one(scope), other(scope)), kind="number")


def _numbers_of(node: syntax.Node) -> list[int | Decimal] | None:
    """The numbers that a literal, or a list of literals, spells."""
    nodes = node.items if isinstance(node, syntax.ListLiteral) else (node,)
    values = [one.value for one in nodes if isinstance(one, syntax.Literal)]
    numbers = [plain(value) for value in values if isinstance(value, Decimal)]
    return numbers if len(numbers) == len(nodes) else None


def _texts_of(node: syntax.Node) -> list[str] | None:
    nodes = node.items if isinstance(node, syntax.ListLiteral) else (node,)
    texts = [one.value for one in nodes if isinstance(one, syntax.Literal) and isinstance(one.value, str)]
    return texts if len(texts) == len(nodes) else None


@shortens(syntax.In)
def membership(node: syntax.In) -> Quick | None:
    """`value in [a..b]`, `value in (a, b)`, `value in > a`, with constants."""
    value = shorten(node.value)
    if len(node.tests) == 1:
        test = node.tests[0]
        if isinstance(test, syntax.RangeLiteral):
            low, high = _numbers_of(test.start), _numbers_of(test.end)
            if low is None or high is None or len(low) != 1 or len(high) != 1:
                return None
            return _within(value, low[0], high[0], test.start_included, test.end_included)
        if isinstance(test, syntax.CompareTest):
            return shorten(syntax.Compare(node.position, test.op, node.value, test.operand))
    for kind, read in (("string", _texts_of), ("number", _numbers_of)):
        found = [read(test) for test in node.tests]
        known = frozenset(one for part in found if part is not None for one in part)
        run = of_kind(value, kind)
        if run is not None and all(part is not None for part in found):
            return together([value], run=_one_of(run, known), kind="boolean")
    return None


def _one_of(read: Run, known: frozenset[Any]) -> Run:
    return lambda scope: read(scope) in known


def _within(value: Quick | None, low: Any, high: Any, from_low: bool, to_high: bool) -> Quick | None:
    read = of_kind(value, "number")
    if read is None:
        return None
    give, above, below = read, OPERATORS[">=" if from_low else ">"], OPERATORS["<=" if to_high else "<"]

    def evaluate(scope: Scope) -> bool:
        number = give(scope)
        return above(number, low) and below(number, high)

    return together([value], run=evaluate, kind="boolean")


@shortens(syntax.Between)
def between(node: syntax.Between) -> Quick | None:
    """`value between a and b` with constants."""
    low, high = _numbers_of(node.low), _numbers_of(node.high)
    if low is None or high is None or isinstance(node.low, syntax.ListLiteral | syntax.RangeLiteral):
        return None
    return _within(shorten(node.value), low[0], high[0], True, True) if len(high) == 1 else None


def numbers(items: Any) -> list[Any]:
    """The items of a list, all numbers, one at least. Raises Unusual."""
    if type(items) is not list or not items or len(items) > MAX_ITEMS:
        raise Unusual
    kinds = set(map(type, items))
    if kinds == _INTS or (kinds == _DECIMALS and all(map(Decimal.is_finite, items))):
        return items
    if kinds <= _KNOWN:
        return [ready(item) for item in items]
    raise Unusual


_INTS, _DECIMALS = {int}, {Decimal}
_KNOWN = {int, float, Decimal}
_HUGE = 10**31


def total(items: list[Any]) -> Decimal:
    """The sum in 34 digits, in the order of the list."""
    if set(map(type, items)) == _INTS and max(items) < _HUGE and min(items) > -_HUGE:
        return Decimal(sum(items))
    result = Decimal(0)
    for item in items:
        result = CONTEXT.add(result, item)
    return result


def mean(items: list[Any]) -> Decimal:
    """The arithmetic mean."""
    return CONTEXT.divide(total(items), len(items))


_OF_LISTS: dict[str, Callable[[list[Any]], Any]] = {"sum": total, "mean": mean, "min": min, "max": max}
_MODES = {
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "decimal": decimal.ROUND_HALF_EVEN,
}
_OF_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "contains": str.__contains__,
    "starts with": str.startswith,
    "ends with": str.endswith,
}


@shortens(syntax.Call)
def call(node: syntax.Call) -> Quick | None:
    """A function of the standard that no variable can stand for."""
    callee = node.callee
    if not isinstance(callee, syntax.Name) or callee.local or callee.guessed or node.names is not None:
        return None
    parts = [shorten(argument) for argument in node.arguments]
    if not parts or any(part is None for part in parts):
        return None
    made = _called(callee.name, [part for part in parts if part is not None], node)
    if made is None:
        return None
    whole = together(parts, run=made[0], kind=made[1])
    return None if whole is None else whole._replace(calls=whole.calls | {callee.name})


def _called(wanted: str, parts: list[Quick], node: syntax.Call) -> tuple[Run, str] | None:
    if wanted in _OF_LISTS:
        return _of_numbers(_OF_LISTS[wanted], parts)
    if wanted in _MODES and len(parts) == 2:
        return _rounding(_MODES[wanted], parts[0], node.arguments[1])
    if wanted in _OF_TEXTS and len(parts) == 2:
        return _of_texts(_OF_TEXTS[wanted], parts)
    if len(parts) > 1:
        return None
    give = parts[0].run
    if wanted == "not":
        test = of_kind(parts[0], "boolean")
        return None if test is None else (lambda scope: not test(scope), "boolean")
    if wanted == "string length":
        text = of_kind(parts[0], "string")
        return None if text is None else (lambda scope: len(text(scope)), "number")
    if wanted == "count":
        return (lambda scope: _count(give(scope))), "number"
    return None


def _count(items: Any) -> int:
    if type(items) is not list:
        raise Unusual
    return len(items)


def _of_numbers(work: Callable[[list[Any]], Any], parts: list[Quick]) -> tuple[Run, str] | None:
    if len(parts) == 1:
        give = parts[0].run
        return (lambda scope: work(numbers(give(scope)))), "number"
    runs = [run for run in (of_kind(part, "number") for part in parts) if run is not None]
    if len(runs) < len(parts):
        return None
    return (lambda scope: work([run(scope) for run in runs])), "number"


def _of_texts(work: Callable[[str, str], bool], parts: list[Quick]) -> tuple[Run, str] | None:
    text, wanted = of_kind(parts[0], "string"), of_kind(parts[1], "string")
    if text is None or wanted is None:
        return None
    read, match = text, wanted

    def evaluate(scope: Scope) -> bool:
        whole = read(scope)
        if len(whole) > MAX_LETTERS:
            raise Unusual
        return work(whole, match(scope))

    return evaluate, "boolean"


def _rounding(mode: str, part: Quick, places: syntax.Node) -> tuple[Run, str] | None:
    number = of_kind(part, "number")
    scale = places.value if isinstance(places, syntax.Literal) else None
    if number is None or not isinstance(scale, Decimal) or scale not in range(20):
        return None
    context = CONTEXT.copy()
    context.rounding = mode
    give, quantize, exponent = number, context.quantize, Decimal(1).scaleb(-int(scale))
    return (lambda scope: quantize(give(scope), exponent)), "number"
