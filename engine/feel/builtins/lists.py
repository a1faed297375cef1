"""Functions on lists."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from engine.feel.builtins.conversion import whole
from engine.feel.builtins.registry import builtin
from engine.feel.compare import equal, less
from engine.feel.functions import BadCall, Callee
from engine.feel.scope import Run
from engine.feel.values import Value


def same(run: Run, left: Value, right: Value) -> bool:
    """Equal for certain."""
    run.charge(1)
    return equal(run, left, right) is True


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    """Whether an item equals the element."""
    return any(same(run, item, element) for item in items)


@builtin("count", "list: list", spread=True)
def count(run: Run, items: list[Value]) -> Value:
    """How many items."""
    return Decimal(len(items))


def _extreme(run: Run, items: list[Value], smallest: bool) -> Value:
    best: Value = None
    for place, item in enumerate(items):
        if place == 0:
            best = item
        run.compared(item, best)
        before = less(item, best) if smallest else less(best, item)
        if before is None:
            raise BadCall("各项之间无法比较大小")
        best = item if before else best
    return best


@builtin("min", "list: list", spread=True)
def minimum(run: Run, items: list[Value]) -> Value:
    """The smallest; null of nothing."""
    return _extreme(run, items, True)


@builtin("max", "list: list", spread=True)
def maximum(run: Run, items: list[Value]) -> Value:
    """The largest; null of nothing."""
    return _extreme(run, items, False)


@builtin("all", "list: list", spread=True)
def all_true(run: Run, items: list[Value]) -> Value:
    """Three-valued and."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list: list", spread=True)
def any_true(run: Run, items: list[Value]) -> Value:
    """Three-valued or."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("sublist", "list: list, start position: number, length: number?")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """`length` items from a place counted from 1, or from the end when negative."""
    first = _place(items, start)
    if length is None:
        return items[first:]
    size = whole(length)
    if size < 0 or first + size > len(items):
        raise BadCall("列表不够长")
    return items[first : first + size]


def _place(items: list[Value], position: Decimal) -> int:
    place = whole(position)
    if place == 0 or abs(place) > len(items):
        raise BadCall(f"没有第{place}项")
    return place - 1 if place > 0 else len(items) + place


@builtin("append", "list: list, item: any")
@builtin("append", "list: list, items: any*")
def append(run: Run, items: list[Value], *more: Value) -> Value:
    """A new list with the items at its end."""
    return run.list_of([*items, *more])


@builtin("concatenate", "list: list", spread=True)
def concatenate(run: Run, lists: list[Value]) -> Value:
    """All items of all lists."""
    joined: list[Value] = []
    for part in lists:
        if part is None:
            raise BadCall("空值不是列表")
        joined.extend(run.list_of(part) if isinstance(part, list) else [part])
    return run.list_of(joined)


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    """A new list with the item put before a place."""
    place = _place(items, position)
    return run.list_of([*items[:place], item, *items[place:]])


@builtin("remove", "list: list, position: number")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    """A new list without the item at a place."""
    place = _place(items, position)
    return items[:place] + items[place + 1 :]


@builtin("list replace", "list: list, position: number, newItem: any")
def replace_at(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    """A new list with another item at a place."""
    place = _place(items, position)
    return [*items[:place], item, *items[place + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, items: list[Value], match: Callee, item: Value) -> Value:
    """A new list with another item wherever `match(old, new)` is true."""
    verdicts = [match.call(run, [old, item]) for old in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        raise BadCall("match 应当返回 true 或 false")
    return [item if verdict else old for old, verdict in zip(items, verdicts, strict=True)]


@builtin("reverse", "list: list")
def reverse(run: Run, items: list[Value]) -> Value:
    """Last first."""
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    """The places, from 1, of the items that equal `match`."""
    return [Decimal(place) for place, item in enumerate(items, 1) if same(run, item, match)]


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        if not any(same(run, item, other) for other in kept):
            kept.append(item)
    return kept


@builtin("union", "list: list", spread=True)
def union(run: Run, lists: list[Value]) -> Value:
    """All items of all lists, each once."""
    joined = concatenate(run, lists)
    assert isinstance(joined, list)
    return _distinct(run, joined)


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> Value:
    """Each item once, in order of first appearance."""
    return _distinct(run, items)


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Value]) -> Value:
    """Each item that stands in the list more than once."""
    kept = _distinct(run, items)
    return [item for item in kept if sum(same(run, item, other) for other in items) > 1]


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> Value:
    """No lists inside the list any more."""
    flat: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        run.charge(1)
        for item in waiting[-1]:
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
            run.charge(1)
        else:
            waiting.pop()
    return run.list_of(flat)


@builtin("sort", "list: list, precedes: function?")
def sort(run: Run, items: list[Value], precedes: Callee | None = None) -> Value:
    """In the order that `precedes(a, b)` gives, or the natural order; equals stay as they stand."""

    def order(left: Value, right: Value) -> int:
        run.charge(1)
        return -1 if _before(run, precedes, left, right) else int(_before(run, precedes, right, left))

    return sorted(items, key=cmp_to_key(order))


def _before(run: Run, precedes: Callee | None, left: Value, right: Value) -> bool:
    if precedes is not None:
        return precedes.call(run, [left, right]) is True
    run.compared(left, right)
    result = less(left, right)
    if result is None:
        raise BadCall("各项之间无法比较大小")
    return result


@builtin("partition", "list: list, size: number")
def partition(run: Run, items: list[Value], size: Decimal) -> Value:
    """The list cut into lists of `size` items (an extension, as in Camunda 8)."""
    length = whole(size)
    if length < 1:
        raise BadCall("size 至少为1")
    return [items[place : place + length] for place in range(0, len(items), length)]


@builtin("is empty", "list: list")
def is_empty(run: Run, items: list[Value]) -> Value:
    """Whether the list has no items (an extension, as in Camunda 8)."""
    return not items
