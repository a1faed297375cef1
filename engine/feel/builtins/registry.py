"""How a built-in function is declared, and how its arguments are checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.calendar import DATES
from engine.feel.functions import BadCall, Callee
from engine.feel.scope import Run
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.values import Range, Value, kind_name

KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "date": DATES,
    "time": (Time,),
    "datetime": (DateTime,),
    "day": (*DATES, DateTime),
    "moment": (*DATES, DateTime, Time),
    "temporal": (*DATES, DateTime, Time, DayTimeDuration, YearMonthDuration),
    "days": (DayTimeDuration,),
    "months": (YearMonthDuration,),
    "duration": (DayTimeDuration, YearMonthDuration),
    "range": (Range,),
    "point": (Decimal, str, *DATES, DateTime, Time, DayTimeDuration, YearMonthDuration),
    "function": (Callee,),
    "any": (object,),
}


@dataclass(frozen=True, slots=True)
class BuiltinParameter:
    """Name and accepted kinds; `null` says whether null may be given, `optional` whether nothing."""

    name: str
    kinds: tuple[type, ...]
    null: bool
    optional: bool
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function; `kinds` has one entry a parameter, for a quick look."""

    parameters: tuple[BuiltinParameter, ...]
    spread: bool
    body: Callable[..., Value]
    kinds: tuple[tuple[type, ...], ...]


class Builtin(Callee):
    """A function of the standard; the first overload that the arguments fit is called."""

    __slots__ = ("overloads",)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.overloads: list[Overload] = []

    @property
    def arity(self) -> int | None:
        """The number of arguments if there is one way to call it."""
        lengths = {len(overload.parameters) for overload in self.overloads}
        return lengths.pop() if len(lengths) == 1 else None

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """Check and call."""
        reason = "参数不对"
        for overload in self.overloads:
            fitted, complaint = _fit(overload, arguments)
            if fitted is not None:
                for argument in fitted:
                    if type(argument) is list:
                        run.charge(len(argument))
                    elif type(argument) is str and len(argument) > 255:
                        run.charge(len(argument) // 256)
                return overload.body(run, *fitted)
            reason = complaint or reason
        raise BadCall(reason)

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        """Put the arguments in order, then check and call.

        `before(point, range)` and `before(range, point)` have the same names: the order of writing decides.
        """
        given = tuple(arguments)

        def as_written(overload: Overload) -> bool:
            return tuple(parameter.name for parameter in overload.parameters) == given

        for overload in sorted(self.overloads, key=as_written, reverse=True):
            names = [parameter.name for parameter in overload.parameters]
            required = [parameter.name for parameter in overload.parameters if not parameter.optional]
            if set(arguments) <= set(names) and set(required) <= set(arguments):
                last = max((names.index(name) for name in arguments), default=-1)
                ordered: list[Value] = [arguments.get(name) for name in names[: last + 1]]
                if _fit(overload, ordered)[0] is not None:
                    return self.call(run, ordered)
        raise BadCall("参数的名称或类型不对")


def _fit(overload: Overload, arguments: list[Value]) -> tuple[list[Value] | None, str]:
    if len(arguments) == len(overload.kinds) and all(map(isinstance, arguments, overload.kinds)):
        return arguments, ""
    if overload.spread and not (len(arguments) == 1 and isinstance(arguments[0], list)):
        if not arguments or arguments == [None]:
            return None, "list不能是空值"
        arguments = [list(arguments)]
    parameters = overload.parameters
    if parameters and parameters[-1].repeated:
        parameters += (parameters[-1],) * (len(arguments) - len(parameters))
    if len(arguments) > len(parameters):
        return None, ""
    if len(arguments) < len(parameters) and not parameters[len(arguments)].optional:
        return None, ""
    fitted: list[Value] = []
    for parameter, argument in zip(parameters, arguments, strict=False):
        value = fit(parameter, argument)
        if value is _UNFIT:
            return None, f"{parameter.name}不能是{kind_name(argument)}"
        fitted.append(value)
    return fitted, ""


_UNFIT = object()


def fit(parameter: BuiltinParameter, argument: Value) -> Value:
    """The argument, wrapped in or taken out of a list where the standard says so."""
    if argument is None:
        return None if parameter.null or object in parameter.kinds else _UNFIT
    if isinstance(argument, parameter.kinds):
        return argument
    if list in parameter.kinds:
        return [argument]
    if isinstance(argument, list) and len(argument) == 1 and isinstance(argument[0], parameter.kinds):
        return argument[0]
    return _UNFIT


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, declared: str = "", *, spread: bool = False) -> Callable[..., Callable[..., Value]]:
    """Declare an overload: `builtin("substring", "string: string, start position: number, length: number?")`.

    `?` makes a parameter optional, `*` lets it be repeated, `|null` lets it be null; `spread` also takes the
    list's items one by one.
    """
    parameters = tuple(_parameter(part) for part in declared.split(",") if part.strip())

    kinds = tuple(parameter.kinds for parameter in parameters)

    def register(body: Callable[..., Value]) -> Callable[..., Value]:
        BUILTINS.setdefault(name, Builtin(name)).overloads.append(Overload(parameters, spread, body, kinds))
        return body

    return register


def _parameter(text: str) -> BuiltinParameter:
    name, _, declared = (part.strip() for part in text.partition(":"))
    optional = declared.endswith("?")
    names = declared.rstrip("?*").split("|")
    kinds = tuple(kind for word in names if word != "null" for kind in KINDS[word])
    return BuiltinParameter(name, kinds, "null" in names, optional, declared.endswith("*"))
