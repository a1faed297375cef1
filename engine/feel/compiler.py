"""Syntax tree to closures: names, literals, operators. Control and access are in their own modules."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeVar

from engine.feel import syntax
from engine.feel.arithmetic import CONTEXT, OPERATIONS, Operation, negate
from engine.feel.builtins import BUILTINS
from engine.feel.compare import both, compare, equal, less
from engine.feel.errors import Position
from engine.feel.functions import hosted
from engine.feel.scope import MISSING, Code, Frame, Run, lookup
from engine.feel.values import Value, kind_name

N = TypeVar("N", bound=syntax.Node)
COMPILERS: dict[type[syntax.Node], Callable[[Any], Code]] = {}


def compiles(kind: type[N]) -> Callable[[Callable[[N], Code]], Callable[[N], Code]]:
    """Register the compiler of one kind of node."""

    def register(function: Callable[[N], Code]) -> Callable[[N], Code]:
        COMPILERS[kind] = function
        return function

    return register


def compile_node(node: syntax.Node) -> Code:
    """The closure that evaluates a node in a frame."""
    return COMPILERS[type(node)](node)


@compiles(syntax.Literal)
def literal(node: syntax.Literal) -> Code:
    """The value itself."""
    value = node.value
    return lambda frame: value


@compiles(syntax.Name)
def name(node: syntax.Name) -> Code:
    """The innermost value of that name, else the function of that name."""
    wanted, position = node.name, node.position

    def read(frame: Frame) -> Value:
        value = frame.vars.get(wanted, MISSING)
        if value is MISSING:
            value = lookup(frame.parent, wanted) if frame.parent is not None else MISSING
            if value is MISSING:
                return function_named(frame.run, wanted, position)
        return value

    return read


def function_named(run: Run, wanted: str, position: Position) -> Value:
    """The host's or the standard's function of that name; null with a warning when there is none."""
    function = hosted(wanted, run.functions) or BUILTINS.get(wanted)
    if function is None:
        run.warn("unknown_name", f"没有名为“{wanted}”的变量或函数", position)
    return function


@compiles(syntax.Negate)
def negation(node: syntax.Negate) -> Code:
    """`-operand`."""
    operand, position = compile_node(node.operand), node.position

    def evaluate(frame: Frame) -> Value:
        value = operand(frame)
        result = negate(frame.run, value)
        if result is NotImplemented:
            _mismatch(frame.run, "-", (value,), position)
            return None
        return result

    return evaluate


def _mismatch(run: Run, op: str, operands: tuple[Value, ...], position: Position) -> None:
    kinds = "与".join(kind_name(operand) for operand in operands)
    run.warn("wrong_type", f"“{op}”不能用于{kinds}", position)


_FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}


@compiles(syntax.Arithmetic)
def arithmetic(node: syntax.Arithmetic) -> Code:
    """`left op right`; two numbers take the short way."""
    left, right, op, position = compile_node(node.left), compile_node(node.right), node.op, node.position
    slow = partial(_slow, OPERATIONS[op], op, position)

    fast = _FAST.get(op)
    if fast is None:  # powers are dear: they pay
        return lambda frame: slow(frame.run, left(frame), right(frame))

    def evaluate(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        if type(first) is Decimal and type(second) is Decimal:
            try:
                return fast(first, second)
            except ArithmeticError:
                pass
        return slow(frame.run, first, second)

    return evaluate


def _slow(operate: Operation, op: str, position: Position, run: Run, left: Value, right: Value) -> Value:
    try:
        result = operate(run, left, right)
    except ZeroDivisionError:
        run.warn("division_by_zero", "除数为零", position)
        return None
    except (ArithmeticError, ValueError):
        run.warn("out_of_range", f"“{op}”的结果过大，或者没有定义", position)
        return None
    if result is NotImplemented:
        _mismatch(run, op, (left, right), position)
        return None
    return result


@compiles(syntax.Compare)
def comparison(node: syntax.Compare) -> Code:
    """`left op right`."""
    left, right, op, position = compile_node(node.left), compile_node(node.right), node.op, node.position
    full = _equality(left, right, op == "!=") if op in ("=", "!=") else _ordering(left, right, op, position)
    if isinstance(node.left, syntax.Name) and isinstance(node.right, syntax.Literal):
        constant = node.right.value
        if isinstance(constant, Decimal | str):
            return _with_constant(node.left.name, constant, _QUICK[op], full)
    return full


_QUICK: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _with_constant(
    name: str, constant: Decimal | str, operate: Callable[[Any, Any], bool], full: Code
) -> Code:
    """The commonest condition, a variable against a number or text: one closure instead of three."""
    kind = type(constant)

    def evaluate(frame: Frame) -> Value:
        value = frame.vars.get(name)
        return operate(value, constant) if type(value) is kind else full(frame)

    return evaluate


def _equality(left: Code, right: Code, negated: bool) -> Code:
    def evaluate(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        kind = type(first)
        if kind is type(second) and (kind is str or kind is Decimal or kind is bool):
            if kind is str:
                frame.run.compared(first, second)
            return (first == second) is not negated
        same = equal(frame.run, first, second)
        return None if same is None else same is not negated

    return evaluate


_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _ordering(left: Code, right: Code, op: str, position: Position) -> Code:
    swapped, negated, operate = op in (">", "<="), op in ("<=", ">="), _ORDER[op]

    def evaluate(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        if type(first) is Decimal and type(second) is Decimal:
            return operate(first, second)
        frame.run.compared(first, second)
        result = less(second, first) if swapped else less(first, second)
        if result is None:
            _mismatch(frame.run, op, (first, second), position)
            return None
        return result is not negated

    return evaluate


@compiles(syntax.Logic)
def logic(node: syntax.Logic) -> Code:
    """Three-valued `and` / `or`: one decisive operand settles it, a null leaves it open."""
    operands = tuple(compile_node(operand) for operand in node.operands)
    decisive = node.op == "or"

    def evaluate(frame: Frame) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
        return result

    return evaluate


@compiles(syntax.Between)
def between(node: syntax.Between) -> Code:
    """`value between low and high`, both ends included."""
    value, low, high = compile_node(node.value), compile_node(node.low), compile_node(node.high)
    position = node.position

    def evaluate(frame: Frame) -> Value:
        subject, first, last = value(frame), low(frame), high(frame)
        above = compare(frame.run, ">=", subject, first)
        below = compare(frame.run, "<=", subject, last)
        if above is None or below is None:
            _mismatch(frame.run, "between", (subject, first, last), position)
        return both(above, below)

    return evaluate
