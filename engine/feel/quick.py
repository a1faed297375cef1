"""The short way: closures over the bare context for what conditions mostly are.

That is numbers, texts, truth values and short lists. A quick closure makes no frame and counts no steps. It
gives a value only where nothing at all is out of the ordinary; else it raises UNUSUAL and the expression is
evaluated in full, which gives the same value or says why there is none. Nothing here has effects, so one may
start anew. What can be spent is bounded beforehand: MAX_NODES, MAX_ITEMS, and no loop inside a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from engine.feel import syntax

Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]


class Unusual(LookupError):
    """Something that only the full evaluation knows how to judge."""


UNUSUAL = (LookupError, ArithmeticError, TypeError, ValueError)
"""What the short way raises: a name that is missing, a number too large, a value FEEL lacks, or `Unusual`."""
MAX_NODES = 120
"""Most constructs of an expression that is evaluated the short way."""
MAX_ITEMS = 100
"""Most items of a list that it goes over."""
MAX_LETTERS = 10_000
"""Longest text that it searches."""


class Quick(NamedTuple):
    """A closure, and what kind of value it always gives: `number`, `string`, `boolean`, or not known.

    `bare` gives the value as the context has it, where that is all the closure does.
    """

    run: Run
    kind: str = ""
    loops: bool = False
    calls: frozenset[str] = frozenset()
    bare: Run | None = None


N = TypeVar("N", bound=syntax.Node)
COMPILERS: dict[type[syntax.Node], Callable[[Any], Quick | None]] = {}


def shortens(kind: type[N]) -> Callable[[Callable[[N], Quick | None]], Callable[[N], Quick | None]]:
    """Register how one kind of node is done the short way; None when it cannot."""

    def register(function: Callable[[N], Quick | None]) -> Callable[[N], Quick | None]:
        COMPILERS[kind] = function
        return function

    return register


def quick_way(tree: syntax.Node) -> Quick | None:
    """The short way of a whole expression; None when there is none."""
    count, waiting = 0, [tree]
    while waiting:
        count += 1
        if count > MAX_NODES:
            return None
        waiting.extend(syntax.children(waiting.pop()))
    return shorten(tree)


def shorten(node: syntax.Node) -> Quick | None:
    """The short way of a node."""
    compiler = COMPILERS.get(type(node))
    return None if compiler is None else compiler(node)


_READY = frozenset({str, int, bool})
NUMBERS = frozenset({int, Decimal})


def ready(value: Any) -> Any:
    """A value of the context as the closures take it. Raises Unusual."""
    kind = type(value)
    if kind in _READY:
        return value
    if kind is Decimal:
        if value.is_finite():
            return value
    elif kind is float:
        number = Decimal(repr(value))
        if number.is_finite():
            return number
    elif kind is dict or (kind is list and len(value) <= MAX_ITEMS):
        return value
    raise Unusual


@shortens(syntax.Literal)
def literal(node: syntax.Literal) -> Quick | None:
    """A number, text or truth value."""
    value = node.value
    if isinstance(value, Decimal):
        return Quick(lambda scope: value, "number")
    if isinstance(value, bool | str):
        return Quick(lambda scope: value, "boolean" if isinstance(value, bool) else "string")
    return Quick(lambda scope: None, "null") if value is None else None


@shortens(syntax.Name)
def name(node: syntax.Name) -> Quick:
    """A variable of the context, or one that a loop binds."""
    wanted = node.name

    def read(scope: Scope) -> Any:
        value = scope[wanted]
        return value if type(value) in _READY else ready(value)

    return Quick(read, bare=itemgetter(wanted))


@shortens(syntax.Path)
def path(node: syntax.Path) -> Quick | None:
    """An entry of a context."""
    wanted = node.name
    if isinstance(node.source, syntax.Name):
        outer = node.source.name

        def read(scope: Scope) -> Any:
            source = scope[outer]
            if type(source) is not dict:
                raise Unusual
            value = source[wanted]
            return value if type(value) in _READY else ready(value)

        return Quick(read, bare=_entry(outer, wanted))
    inner = shorten(node.source)
    if inner is None:
        return None
    find = inner.run

    def read_deeper(scope: Scope) -> Any:
        source = find(scope)
        if type(source) is not dict:
            raise Unusual
        return ready(source[wanted])

    return Quick(read_deeper, "", inner.loops, inner.calls)


def _entry(outer: str, wanted: str) -> Run:
    def find(scope: Scope) -> Any:
        source = scope[outer]
        if type(source) is not dict:
            raise Unusual
        return source[wanted]

    return find


def together(parts: list[Quick | None], *, run: Run, kind: str) -> Quick | None:
    """A closure made of others: it loops and calls what they do."""
    if any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    calls = frozenset[str]().union(*(part.calls for part in known))
    return Quick(run, kind, any(part.loops for part in known), calls)


def of_kind(part: Quick | None, kind: str) -> Run | None:
    """The closure of a part that must give a number, text or truth value; it raises Unusual when not."""
    if part is None or part.kind not in ("", kind):
        return None
    if part.kind == kind:
        return part.run
    give, kinds, plainest = part.bare or part.run, KINDS[kind], _PLAINEST[kind]

    def checked(scope: Scope) -> Any:
        value = give(scope)
        if type(value) is plainest:
            return value
        value = ready(value)
        if type(value) not in kinds:
            raise Unusual
        return value

    return checked


KINDS: dict[str, frozenset[type]] = {
    "number": NUMBERS,
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
}
_PLAINEST: dict[str, type] = {"number": int, "string": str, "boolean": bool}


@shortens(syntax.Logic)
def logic(node: syntax.Logic) -> Quick | None:
    """`and`, `or` of what is true or false."""
    parts = [shorten(operand) for operand in node.operands]
    runs = [run for run in (of_kind(part, "boolean") for part in parts) if run is not None]
    if len(runs) < len(parts):
        return None
    if len(runs) == 2:
        first, second = runs
        if node.op == "and":
            return together(parts, run=lambda scope: first(scope) and second(scope), kind="boolean")
        return together(parts, run=lambda scope: first(scope) or second(scope), kind="boolean")
    decisive = node.op == "or"

    def evaluate(scope: Scope) -> Any:
        for run in runs:
            if run(scope) is decisive:
                return decisive
        return not decisive

    return together(parts, run=evaluate, kind="boolean")


@shortens(syntax.If)
def conditional(node: syntax.If) -> Quick | None:
    """`if` with a condition that is true or false."""
    parts = [shorten(part) for part in (node.condition, node.chosen, node.otherwise)]
    condition, chosen, otherwise = of_kind(parts[0], "boolean"), parts[1], parts[2]
    if condition is None or chosen is None or otherwise is None:
        return None
    test, this, that = condition, chosen.run, otherwise.run
    kind = chosen.kind if chosen.kind == otherwise.kind else ""
    return together(parts, run=lambda scope: this(scope) if test(scope) else that(scope), kind=kind)
