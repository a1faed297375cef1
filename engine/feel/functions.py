"""Functions as values: written in FEEL, built in, or given by the host."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import DecimalException

from engine.feel.errors import LimitReached, Position
from engine.feel.scope import Code, Frame, Run
from engine.feel.types import Type, coerce
from engine.feel.values import Function, Value, from_python, kind_name


class BadCall(Exception):
    """A call that gives null; the text says why."""


class Callee(Function):
    """What every function can do."""

    __slots__ = ()

    @property
    def arity(self) -> int | None:
        """How many arguments it takes; None when that differs."""
        return None

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """The result for arguments by position. Raises BadCall."""
        raise NotImplementedError

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        """The result for arguments by name. Raises BadCall."""
        raise NotImplementedError


def invoke(
    run: Run, function: Value, arguments: list[Value], names: Sequence[str] | None, at: Position
) -> Value:
    """Call a value; null with a warning when that is not possible."""
    if not isinstance(function, Callee):
        run.warn("no_function", f"{kind_name(function)}不能调用", at)
        return None
    run.charge(3)
    try:
        if names is None:
            return function.call(run, arguments)
        return function.call_named(run, dict(zip(names, arguments, strict=True)))
    except BadCall as error:
        run.warn("bad_call", f"{function.name}：{error}", at)
    except DecimalException:
        run.warn("bad_call", f"{function.name}：结果过大，或者没有定义", at)
    except (ArithmeticError, ValueError) as error:
        run.warn("bad_call", f"{function.name}：{error}", at)
    return None


@dataclass(frozen=True, slots=True)
class FeelParameter:
    """A parameter with its type, if it has one."""

    name: str
    type: Type | None


_CALL_COST = 6
"""Steps that calling a user's function is worth: it takes as long as visiting so many items."""


class FeelFunction(Callee):
    """`function(a, b) body` together with the names around it."""

    __slots__ = ("_body", "_frame", "_parameters", "_result")

    def __init__(
        self,
        parameters: tuple[FeelParameter, ...],
        body: Code,
        frame: Frame | None,
        *,
        name: str = "function",
        result: Type | None = None,
    ) -> None:
        super().__init__(name)
        self._parameters = parameters
        self._body = body
        self._frame = frame
        self._result = result

    @property
    def arity(self) -> int | None:
        """The number of its parameters."""
        return len(self._parameters)

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """Run the body in a frame of its own."""
        if len(arguments) != len(self._parameters):
            raise BadCall(f"需要{len(self._parameters)}个参数，给了{len(arguments)}个")
        given: dict[str, Value] = {}
        for parameter, argument in zip(self._parameters, arguments, strict=True):
            given[parameter.name], fits = coerce(argument, parameter.type, run)
            if not fits:
                raise BadCall(f"{parameter.name}不能是{kind_name(argument)}")
        run.charge(_CALL_COST)
        run.depth += 1
        if run.depth > run.limits.depth:
            raise LimitReached(f"函数嵌套调用超过{run.limits.depth}层", code="depth")
        value = self._body(Frame(given, self._frame, run))
        run.depth -= 1
        return coerce(value, self._result, run)[0]

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        """By name; parameters that are left out are null."""
        names = [parameter.name for parameter in self._parameters]
        unknown = [name for name in arguments if name not in names]
        if unknown:
            raise BadCall(f"没有名为“{unknown[0]}”的参数")
        if len(arguments) < len(names):
            raise BadCall("缺少参数")
        return self.call(run, [arguments[name] for name in names])


class HostFunction(Callee):
    """A Python callable that the host lets expressions use.

    It gets FEEL values by position and may return anything `from_python` knows. TypeError, ValueError,
    LookupError and ArithmeticError become null with a warning; other exceptions go through.
    """

    __slots__ = ("_function",)

    def __init__(self, name: str, function: Callable[..., object]) -> None:
        super().__init__(name)
        self._function = function

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """Call it with positional arguments."""
        try:
            return from_python(self._function(*arguments))
        except (TypeError, ValueError, LookupError, ArithmeticError) as error:
            raise BadCall(str(error) or type(error).__name__) from error

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        """Call it by its Python parameter names, an underscore for each space."""
        try:
            named = {name.replace(" ", "_"): value for name, value in arguments.items()}
            bound = inspect.signature(self._function).bind(**named)
        except (TypeError, ValueError) as error:
            raise BadCall(str(error)) from error
        return self.call(run, list(bound.args))


def hosted(name: str, functions: Mapping[str, Callable[..., object]]) -> Value:
    """The host's function of that name as a value, else None."""
    found = functions.get(name)
    if found is None or isinstance(found, Callee):
        return found
    return HostFunction(name, found)
