"""Compiled expressions and unary tests, and the short ways to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import lru_cache

from engine.feel import (
    access,
    control,
    forms,
    membership,
    membership_forms,
    quick_compare,
    quick_loops,
    quick_numbers,
    syntax,
)
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import compile_node
from engine.feel.errors import FeelError, FeelSyntaxError, LimitReached, Warning
from engine.feel.limits import DEFAULT_LIMITS, Limits
from engine.feel.names import shape_of
from engine.feel.parser import Parser, Prefix
from engine.feel.quick import UNUSUAL, quick_way
from engine.feel.scope import MISSING, Code, Frame, Run
from engine.feel.types import Type
from engine.feel.values import Value, from_python

Functions = Mapping[str, Callable[..., object]]
_INVENTIVE = (Counter, defaultdict)
"""Contexts that have a value for every name."""
_FINAL = frozenset({bool, str, Decimal, type(None)})
_NO_FUNCTIONS: Functions = {}
# Imported for what they register.
_REGISTERED = (access, control, forms, membership, quick_compare, quick_loops, quick_numbers)

MOST_KEPT = 4096
LONGEST_KEPT = 2000
"""Expressions that are kept once compiled, and the longest text that is, in characters."""


class Expression:
    """A compiled expression: immutable, shareable between threads.

    `free_names` are the names it may take from the context; names inside filters that could also be entries
    of the items are among them, and not in `certain_names`. `code` is the closure, for those who keep frames;
    `quick` is the short way, if there is one.
    """

    __slots__ = ("_calls", "_functions", "certain_names", "code", "free_names", "quick", "text", "tree")

    def __init__(self, text: str, tree: syntax.Node, functions: Functions) -> None:
        self.text = text
        self.tree = tree
        self.code = _compiled(text, tree)
        self._functions = functions
        short = quick_way(tree)
        self.quick = None if short is None else short.run
        self._calls = frozenset() if short is None else short.calls
        self.free_names, self.certain_names = free_names(tree, {*BUILTINS, *functions})

    def __call__(
        self,
        context: Mapping[str, Value],
        *,
        functions: Functions | None = None,
        warnings: list[Warning] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Value:
        """The value in a context; null where something went wrong, told in `warnings` (appended to).

        Functions given here win over those given when compiling, and those over the standard's.
        """
        if functions is None:
            functions = self._functions
        elif self._functions:
            functions = {**self._functions, **functions}
        quick = self.quick
        if (
            quick is not None
            and (type(context) is dict or not isinstance(context, _INVENTIVE))
            and (limits is DEFAULT_LIMITS or limits.ample)
            and (not functions or self._calls.isdisjoint(functions))
        ):
            try:
                value = quick(context)
                return value if type(value) in _FINAL else from_python(value)
            except UNUSUAL:
                pass
        return evaluate_code(self.code, self.taken(context), Run(limits, warnings, functions))

    def taken(self, context: Mapping[str, Value]) -> dict[str, Value]:
        """The part of a context that the expression uses, as FEEL values."""
        try:
            found: dict[str, Value] = {}
            for name in self.free_names:
                value = context.get(name, MISSING)
                if value is not MISSING:
                    found[name] = value if type(value) is str else from_python(value)
            return found
        except (TypeError, ValueError, RecursionError) as error:
            raise FeelError(f"给出的变量不能用于 FEEL：{error}", code="context") from error

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTest:
    """Compiled unary tests such as `> 5, [1..3]`; immutable, shareable between threads."""

    __slots__ = ("expression",)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def __call__(
        self,
        value: Value,
        context: Mapping[str, Value] | None = None,
        *,
        functions: Functions | None = None,
        warnings: list[Warning] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> bool | None:
        """Whether the value passes; None when that cannot be told."""
        scope = {**(context or {}), "?": value}
        result = self.expression(scope, functions=functions, warnings=warnings, limits=limits)
        return result if isinstance(result, bool) else None


def evaluate_code(code: Code, vars: Mapping[str, Value], run: Run) -> Value:
    """Run a closure; going over a limit makes the whole null with a warning."""
    try:
        return code(Frame(vars, None, run))
    except LimitReached as error:
        run.warn(error.code, error.message, (1, 1))
    except RecursionError:
        run.warn("limit.depth", "表达式或它的值嵌套过深", (1, 1))
    return None


def _compiled(text: str, tree: syntax.Node) -> Code:
    try:
        return compile_node(tree)
    except RecursionError:
        raise FeelSyntaxError("表达式嵌套过深", text=text) from None


def free_names(tree: syntax.Node, functions: Collection[str] = ()) -> tuple[frozenset[str], frozenset[str]]:
    """Names that are not bound inside a tree: all of them, and those that cannot be an item's entries.

    The known `functions` do not count where they are called.
    """
    free: set[str] = set()
    certain: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if (
            isinstance(node, syntax.Call)
            and isinstance(node.callee, syntax.Name)
            and node.callee.name in functions
        ):
            waiting.extend(node.arguments)
            continue
        if isinstance(node, syntax.Name) and (not node.local or node.name == "?"):
            free.add(node.name)
            if not node.guessed:
                certain.add(node.name)
        waiting.extend(syntax.children(node))
    return frozenset(free), frozenset(certain)


def compile_expression(
    text: str,
    *,
    functions: Functions | None = None,
    names: Collection[str] = (),
    members: Collection[str] = (),
    types: Mapping[str, Type] | None = None,
) -> Expression:
    """Compile a FEEL expression.

    `names` are variables, `members` entries of contexts, whose names hold signs (names of words are found
    without being told); `types` the named types of a model. Raises FeelSyntaxError.
    """
    if not functions and types is None and len(text) <= LONGEST_KEPT:
        return _kept(text, frozenset(names), frozenset(members))
    return _compile(text, functions, names=names, members=members, types=types)


@lru_cache(maxsize=MOST_KEPT)
def _kept(text: str, names: frozenset[str], members: frozenset[str]) -> Expression:
    """What depends on its words alone: diagrams, forms and their checks say the same again and again."""
    return _compile(text, None, names=names, members=members, types=None)


def _compile(
    text: str,
    functions: Functions | None,
    *,
    names: Collection[str],
    members: Collection[str],
    types: Mapping[str, Type] | None,
) -> Expression:
    tree = _parse(text, Parser.expression, functions, names=names, members=members, types=types)
    return Expression(text, tree, functions or _NO_FUNCTIONS)


def unary_test(
    text: str,
    *,
    functions: Functions | None = None,
    names: Collection[str] = (),
    members: Collection[str] = (),
    types: Mapping[str, Type] | None = None,
) -> UnaryTest:
    """Compile unary tests, as they stand in a decision table's cell. Raises FeelSyntaxError."""
    tree = _parse(text, membership_forms.unary_tests, functions, names=names, members=members, types=types)
    return UnaryTest(Expression(text, tree, functions or _NO_FUNCTIONS))


def _parse(
    text: str,
    parse: Prefix,
    functions: Functions | None,
    *,
    names: Collection[str],
    members: Collection[str],
    types: Mapping[str, Type] | None,
) -> syntax.Node:
    known = {*BUILTINS, *(functions or ())}
    try:
        return Parser(text, names=names, members=members, functions=known, types=types).whole(parse)
    except RecursionError:
        raise FeelSyntaxError("表达式嵌套过深", text=text) from None


@lru_cache(maxsize=512)
def _cached(text: str, names: frozenset[str], functions: frozenset[str]) -> Expression:
    return compile_expression(text, names=names, functions=dict.fromkeys(functions, _never))


def _never() -> None:
    raise TypeError("这里不能使用这个函数")


def evaluate(
    text: str,
    context: Mapping[str, Value] | None = None,
    *,
    functions: Functions | None = None,
    warnings: list[Warning] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Value:
    """Compile (once for equal texts) and evaluate. Raises FeelSyntaxError."""
    context = context or {}
    odd = frozenset(name for name in context if not name.isidentifier() and shape_of(name) is not None)
    expression = _cached(text, odd, frozenset(functions or ()))
    return expression(context, functions=functions, warnings=warnings, limits=limits)
