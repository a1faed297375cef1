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
    find, body, names = source.run, inner.run, names_in(node.body)

    def evaluate(scope: Scope) -> list[Any]:
        items, within, results = _listed(find(scope)), around(scope, names), []
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
    names = names_in(node.condition)

    def evaluate(scope: Scope) -> Any:
        items, within = _listed(find(scope)), around(scope, names)
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
    find, check, names = source.run, test, names_in(node.condition)
    return _looping(together([source, inner], run=_choosing(find, check, names), kind="list"))


def _choosing(find: Run, check: Run, names: frozenset[str]) -> Run:
    def evaluate(scope: Scope) -> list[Any]:
        chosen, outer = [], None
        for item in _listed(find(scope)):
            if type(item) is dict and names <= item.keys():
                within: Scope = item
            else:
                outer = around(scope, names) if outer is None else outer
                entries = item if type(item) is dict else {}
                within = {**outer, "item": item, **entries}
            if check(within):
                chosen.append(item)
        return chosen

    return evaluate


def around(scope: Scope, names: frozenset[str]) -> dict[str, Any]:
    """Those of the names that the scope has, for a loop to add its own to."""
    return {name: scope[name] for name in names if name in scope}


def names_in(tree: syntax.Node) -> frozenset[str]:
    """All names that a tree speaks."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Name):
            found.add(node.name)
        waiting.extend(syntax.children(node))
    return frozenset(found)
