"""`if`, `for`, `some`, `every`, functions and calls, lists and contexts as closures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.feel import syntax
from engine.feel.builtins import BUILTINS
from engine.feel.calendar import DATES, date_of_days, days_of
from engine.feel.compare import less
from engine.feel.compiler import compile_node, compiles, function_named
from engine.feel.errors import LimitReached, Position
from engine.feel.functions import Callee, FeelFunction, FeelParameter, hosted, invoke
from engine.feel.scope import Code, Frame, Run
from engine.feel.syntax import mentions
from engine.feel.types import conforms
from engine.feel.values import Range, Value, kind_name


@compiles(syntax.If)
def conditional(node: syntax.If) -> Code:
    """Anything but true takes the `else` way."""
    condition, chosen, otherwise = (
        compile_node(node.condition),
        compile_node(node.chosen),
        compile_node(node.otherwise),
    )
    position = node.position

    def evaluate(frame: Frame) -> Value:
        value = condition(frame)
        if value is True:
            return chosen(frame)
        if value is not False and value is not None:
            frame.run.warn("wrong_type", f"条件不能是{kind_name(value)}", position)
        return otherwise(frame)

    return evaluate


@dataclass(frozen=True, slots=True)
class Loop:
    """A compiled iterator."""

    name: str
    source: Code
    end: Code | None
    position: Position

    def values(self, frame: Frame) -> Iterable[Value] | None:
        """What it runs over; None when that is nothing to run over."""
        value = self.source(frame)
        if self.end is not None:
            return span(frame.run, value, self.end(frame), self.position)
        if isinstance(value, list):
            return value
        if isinstance(value, Range):
            falls = less(value.end, value.start) is True
            return None if falls else span(frame.run, value.start, value.end, self.position, closed=value)
        if value is None:
            frame.run.warn("wrong_type", "空值不能逐项处理", self.position)
            return None
        return [value]


def span(
    run: Run, start: Value, end: Value, position: Position, closed: Range | None = None
) -> Iterable[Value] | None:
    """The whole numbers or days from one end to the other, up or down, made one by one."""
    dates = isinstance(start, DATES) and isinstance(end, DATES)
    if isinstance(start, DATES) and isinstance(end, DATES):
        first, last = days_of(start), days_of(end)
    elif (
        isinstance(start, Decimal) and isinstance(end, Decimal) and abs(start) + abs(end) < Decimal(10) ** 30
    ):
        first, last = int(start), int(end)
        if first != start or last != end:
            run.warn("wrong_type", "逐项处理的区间两端应当是整数", position)
            return None
    else:
        run.warn("wrong_type", "逐项处理的区间两端应当是整数或日期", position)
        return None
    step = 1 if first <= last else -1
    if closed is not None:
        first, last = (
            first + (0 if closed.start_included else step),
            last - (0 if closed.end_included else step),
        )
    if (last - first) * step + 1 > run.limits.range_size:
        raise LimitReached(f"区间超过{run.limits.range_size}个值", code="range")
    numbers = range(first, last + step, step)
    return map(date_of_days if dates else Decimal, numbers)


def _loops(iterators: tuple[syntax.Iterator, ...]) -> tuple[Loop, ...]:
    return tuple(
        Loop(one.name, compile_node(one.source), compile_node(one.end) if one.end else None, one.position)
        for one in iterators
    )


Visit = Callable[[Frame], bool]
"""Called for each combination; True goes on."""


def _walk(loops: tuple[Loop, ...], frame: Frame, visit: Visit) -> bool | None:
    """Visit all combinations, later iterators inside earlier ones; None when one has nothing to run over."""
    loop, rest = loops[0], loops[1:]
    values = loop.values(frame)
    if values is None:
        return None
    run = frame.run
    for value in values:
        run.charge(1)
        inner = Frame({loop.name: value}, frame, run)
        going = _walk(rest, inner, visit) if rest else visit(inner)
        if going is not True:
            return going
    return True


@compiles(syntax.For)
def iteration(node: syntax.For) -> Code:
    """A list with one item a combination."""
    return collect(_loops(node.iterators), compile_node(node.body), partial=mentions(node.body, "partial"))


def collect(loops: tuple[Loop, ...], body: Code, *, partial: bool) -> Code:
    """The closure of `for`; with `partial`, each turn sees a copy of the list so far."""

    if len(loops) == 1 and not partial:
        return _collect_plainly(loops[0], body)

    def evaluate(frame: Frame) -> Value:
        results: list[Value] = []
        run = frame.run

        def visit(inner: Frame) -> bool:
            if partial:
                run.charge(len(results))
                inner = Frame({"partial": list(results)}, inner, run)
            results.append(body(inner))
            if len(results) > run.limits.list_size:
                run.list_of(results)  # which raises
            return True

        return results if _walk(loops, frame, visit) is True else None

    return evaluate


def _collect_plainly(loop: Loop, body: Code) -> Code:
    """The commonest `for`: one iterator, without a look at the list so far."""
    name = loop.name

    def evaluate(frame: Frame) -> Value:
        values, run, results = loop.values(frame), frame.run, []
        if values is None:
            return None
        for value in values:
            run.charge(1)
            results.append(body(Frame({name: value}, frame, run)))
            if len(results) > run.limits.list_size:
                run.list_of(results)  # which raises
        return results

    return evaluate


@compiles(syntax.Quantified)
def quantified(node: syntax.Quantified) -> Code:
    """`some` and `every`."""
    return quantify(_loops(node.iterators), compile_node(node.condition), decisive=node.kind == "some")


def quantify(loops: tuple[Loop, ...], condition: Code, *, decisive: bool) -> Code:
    """The closure of `some` (decisive: true) and `every` (decisive: false), three-valued."""

    def evaluate(frame: Frame) -> Value:
        unknown = wrong = False

        def visit(inner: Frame) -> bool:
            nonlocal unknown, wrong
            value = condition(inner)
            unknown = unknown or value is None
            wrong = wrong or not (value is None or isinstance(value, bool))
            return value is not decisive and not wrong

        going = _walk(loops, frame, visit)
        if going is None or wrong:
            return None
        if going is False:
            return decisive
        return None if unknown else not decisive

    return evaluate


@compiles(syntax.FunctionLiteral)
def function_literal(node: syntax.FunctionLiteral) -> Code:
    """A function that remembers the names around it."""
    parameters = tuple(FeelParameter(parameter.name, parameter.type) for parameter in node.parameters)
    body = compile_node(node.body)
    return lambda frame: FeelFunction(parameters, body, frame)


@compiles(syntax.External)
def external(node: syntax.External) -> Code:
    """Functions in Java or PMML are not run."""
    position = node.position

    def refuse(frame: Frame) -> Value:
        frame.run.warn("external", "不运行外部函数", position)
        return None

    return refuse


@compiles(syntax.Call)
def call(node: syntax.Call) -> Code:
    """Arguments first, then the function."""
    arguments = tuple(compile_node(argument) for argument in node.arguments)
    names, position = node.names, node.position
    callee = _named_callee(node.callee) if isinstance(node.callee, syntax.Name) else compile_node(node.callee)

    def evaluate(frame: Frame) -> Value:
        function = callee(frame)
        if function is None:
            return None
        return invoke(frame.run, function, [argument(frame) for argument in arguments], names, position)

    return evaluate


def _named_callee(node: syntax.Name) -> Code:
    """A function by name: variables that are no functions do not hide it."""
    wanted, position, known = node.name, node.position, BUILTINS.get(node.name)

    def find(frame: Frame) -> Value:
        scope: Frame | None = frame
        other: Value = None
        while scope is not None:
            value = scope.vars.get(wanted)
            if value is not None:
                if isinstance(value, Callee):
                    return value
                other = value if other is None else other
            scope = scope.parent
        if known is not None and not frame.run.functions:
            return known
        if other is not None:
            return hosted(wanted, frame.run.functions) or known or other
        return function_named(frame.run, wanted, position)

    return find


@compiles(syntax.ListLiteral)
def list_literal(node: syntax.ListLiteral) -> Code:
    """A new list."""
    items = tuple(compile_node(item) for item in node.items)
    return lambda frame: [item(frame) for item in items]


@compiles(syntax.ContextLiteral)
def context_literal(node: syntax.ContextLiteral) -> Code:
    """A new context; each entry sees the ones before it, functions among them see themselves."""
    entries = tuple((entry.key, compile_node(entry.value)) for entry in node.entries)

    def evaluate(frame: Frame) -> Value:
        made: dict[str, Value] = {}
        inner = Frame(made, frame, frame.run)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return evaluate


@compiles(syntax.InstanceOf)
def instance_of(node: syntax.InstanceOf) -> Code:
    """Whether a value is of a type; null is of none but `Null`."""
    value, type = compile_node(node.value), node.type

    def evaluate(frame: Frame) -> Value:
        subject = value(frame)
        return conforms(subject, type, frame.run, allowed=False) and (
            subject is not None or getattr(type, "name", "") == "Null"
        )

    return evaluate
