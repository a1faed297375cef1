"""The short way of one loop over a short list: `for`, `some`, `every`, and filters with a condition."""

from __future__ import annotations

from typing import Any

from engine.feel import syntax
from engine.feel.quick import MAX_ITEMS, Quick, Run, Scope, Unusual, of_kind, shorten, shortens, together


def _listed(items: Any) -> list[Any]:
    if type(items) is not list or len(items) > MAX_ITEMS:
        raise Unusual
    return items


def _loop(iterators: tuple[syntax.Iterator, ...], body: syntax.Node) -> tuple[str, Quick, Quick] | None:
    """Name, source and body of a single loop without loops inside."""
    if len(iterators) != 1 or iterators[0].end is not None or syntax.mentions(body, "partial"):
        return None
    source, inner = shorten(iterators[0].source), shorten(body)
    if source is None or inner is None or source.loops or inner.loops:
        return None
    return iterators[0].name, source, inner


@shortens(syntax.For)
def iteration(node: syntax.For) -> Quick | None:
    """A list with one item an item."""
    loop = _loop(node.iterators, node.body)
    if loop is None:
        return None
    name, source, inner = loop
    find, body = source.run, inner.run

    def evaluate(scope: Scope) -> list[Any]:
        items, within, results = _listed(find(scope)), dict(scope), []
        for item in items:
            within[name] = item
            results.append(body(within))
        return results

    return _looping(together([source, inner], run=evaluate, kind="list"))


def _looping(part: Quick | None) -> Quick | None:
    return None if part is None else part._replace(loops=True)


@shortens(syntax.Quantified)
def quantified(node: syntax.Quantified) -> Quick | None:
    """`some` and `every` with a condition that is true or false."""
    loop = _loop(node.iterators, node.condition)
    test = None if loop is None else of_kind(loop[2], "boolean")
    if loop is None or test is None:
        return None
    name, source, inner = loop
    find, check, decisive = source.run, test, node.kind == "some"

    def evaluate(scope: Scope) -> Any:
        items, within = _listed(find(scope)), dict(scope)
        for item in items:
            within[name] = item
            if check(within) is decisive:
                return decisive
        return not decisive

    return _looping(together([source, inner], run=evaluate, kind="boolean"))


@shortens(syntax.Filter)
def selection(node: syntax.Filter) -> Quick | None:
    """`source[condition]`; inside, an item's own entries come before the names around."""
    source, inner = shorten(node.source), shorten(node.condition)
    test = of_kind(inner, "boolean")
    if source is None or inner is None or test is None or source.loops or inner.loops:
        return None
    find, check, names = source.run, test, frozenset(_names(node.condition))
    return _looping(together([source, inner], run=_choosing(find, check, names), kind="list"))


def _choosing(find: Run, check: Run, names: frozenset[str]) -> Run:
    def evaluate(scope: Scope) -> list[Any]:
        chosen = []
        for item in _listed(find(scope)):
            if type(item) is not dict:
                within: Scope = {**scope, "item": item}
            else:
                within = item if names <= item.keys() else {**scope, "item": item, **item}
            if check(within):
                chosen.append(item)
        return chosen

    return evaluate


def _names(tree: syntax.Node) -> list[str]:
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Name):
            found.append(node.name)
        waiting.extend(syntax.children(node))
    return found
