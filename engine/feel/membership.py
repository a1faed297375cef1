"""`in` and unary tests as closures."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import syntax
from engine.feel.compare import compare, less, member
from engine.feel.compiler import compile_node, compiles
from engine.feel.scope import Code, Frame
from engine.feel.values import Range, Value

Test = Callable[[Frame, Value], bool | None]
"""Whether a value passes, in a frame."""


@compiles(syntax.In)
def membership(node: syntax.In) -> Code:
    """True when a test holds, false when all fail, null when that cannot be told."""
    value, test = compile_node(node.value), _any_of(node.tests)
    return lambda frame: test(frame, value(frame))


def _any_of(nodes: tuple[syntax.Node, ...]) -> Test:
    tests = tuple(_test(node) for node in nodes)
    if len(tests) == 1:
        return tests[0]

    def check(frame: Frame, value: Value) -> bool | None:
        result: bool | None = False
        for test in tests:
            passed = test(frame, value)
            if passed:
                return True
            if passed is None:
                result = None
        return result

    return check


def _test(node: syntax.Node) -> Test:
    match node:
        case syntax.AnyTest():
            return lambda frame, value: True
        case syntax.NotTest(_, tests):
            return _none_of(tests)
        case syntax.CompareTest(_, op, operand):
            right = compile_node(operand)
            return lambda frame, value: compare(frame.run, op, value, right(frame))
    return _value_test(node)


def _none_of(nodes: tuple[syntax.Node, ...]) -> Test:
    inner = _any_of(nodes)

    def check(frame: Frame, value: Value) -> bool | None:
        passed = inner(frame, value)
        return None if passed is None else not passed

    return check


def _value_test(node: syntax.Node) -> Test:
    test = compile_node(node)
    asks = syntax.mentions(node, "?")

    def check(frame: Frame, value: Value) -> bool | None:
        wanted = test(frame)
        if asks and (isinstance(wanted, bool) or wanted is None):
            return wanted
        return member(frame.run, value, wanted)

    return check


@compiles(syntax.RangeLiteral)
def range_literal(node: syntax.RangeLiteral) -> Code:
    """An interval; null when its ends have no order."""
    start, end, position = compile_node(node.start), compile_node(node.end), node.position
    start_included, end_included = node.start_included, node.end_included

    def evaluate(frame: Frame) -> Value:
        first, last = start(frame), end(frame)
        if less(first, last) is None:
            frame.run.warn("wrong_type", "区间两端应当是同一种可比较大小的值", position)
            return None
        return Range(first, last, start_included, end_included)

    return evaluate


@compiles(syntax.CompareTest)
def one_sided(node: syntax.CompareTest) -> Code:
    """`(> a)` as a range that is open on the other side."""
    operand, op, position = compile_node(node.operand), node.op, node.position

    def evaluate(frame: Frame) -> Value:
        end = operand(frame)
        if less(end, end) is None:
            frame.run.warn("wrong_type", f"“{op}”在这里不构成区间", position)
            return None
        if op in ("=", "!="):
            return Range(end, end, op == "=", op == "=", op)
        if op in ("<", "<="):
            return Range(None, end, False, op == "<=")
        return Range(end, None, op == ">=", False)

    return evaluate
