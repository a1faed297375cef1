"""Types as `instance of`, parameters and models name them, and which values conform to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.calendar import DATES
from engine.feel.scope import Run
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.values import Function, Range, Value

BASIC: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": DATES,
    "time": (Time,),
    "date and time": (DateTime,),
    "days and time duration": (DayTimeDuration,),
    "years and months duration": (YearMonthDuration,),
    "Null": (type(None),),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
}
ALIASES = {
    "dateTime": "date and time",
    "date time": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "duration": "days and time duration",
}


@dataclass(frozen=True, slots=True)
class Type:
    """Root of all types."""


@dataclass(frozen=True, slots=True)
class Basic(Type):
    """One of the built-in names; `Any` takes everything."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Type):
    """`list<item>`."""

    item: Type


@dataclass(frozen=True, slots=True)
class RangeOf(Type):
    """`range<item>`."""

    item: Type


@dataclass(frozen=True, slots=True)
class ContextOf(Type):
    """`context<name: type, ...>`; further entries are allowed."""

    fields: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class FunctionOf(Type):
    """`function<types> -> type`; only the number of parameters can be checked on a value."""

    parameters: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class Restricted(Type):
    """A base type whose values must also pass a check (allowed values of a model), which may cost steps."""

    base: Type
    allows: Callable[[Value, Run], bool]


@dataclass(frozen=True, slots=True)
class Unknown(Type):
    """A name that nobody has defined; no value conforms."""

    name: str


ANY = Basic("Any")


def named_type(name: str) -> Type | None:
    """The built-in type of that name, aliases included."""
    name = ALIASES.get(name, name)
    return Basic(name) if name in BASIC or name == "Any" else None


def conforms(value: Value, type: Type, run: Run, *, allowed: bool = True) -> bool:
    """Whether the value is of the type. Null conforms only to `Any` and `Null`.

    `instance of` looks at the kind alone (`allowed=False`): a model's allowed values do not count there.
    Costs steps; a list that stands in a value many times is looked at once. Raises LimitReached.
    """
    if isinstance(type, Basic):
        return type.name == "Any" or isinstance(value, BASIC[type.name])
    return _Check(run, allowed).passes(value, type)


class _Check:
    """One look at a value; remembers the lists and contexts that it has seen."""

    __slots__ = ("_allowed", "_run", "_seen")

    def __init__(self, run: Run, allowed: bool) -> None:
        self._run = run
        self._allowed = allowed
        self._seen: dict[tuple[int, int], bool] = {}

    def passes(self, value: Value, type: Type) -> bool:
        if not isinstance(value, list | dict):
            return self._judged(value, type)
        key = (id(value), id(type))
        if key not in self._seen:
            self._run.charge(len(value) + 1)
            self._seen[key] = self._judged(value, type)
        return self._seen[key]

    def _part(self, value: Value, type: Type) -> bool:
        return value is None or self.passes(value, type)

    def _judged(self, value: Value, type: Type) -> bool:
        match type:
            case Basic(name):
                return name == "Any" or isinstance(value, BASIC[name])
            case ListOf(item):
                return isinstance(value, list) and all(self._part(one, item) for one in value)
            case RangeOf(item):
                return (
                    isinstance(value, Range) and self._part(value.start, item) and self._part(value.end, item)
                )
            case ContextOf(fields):
                return isinstance(value, dict) and all(
                    name in value and self._part(value[name], part) for name, part in fields
                )
            case FunctionOf(parameters, _):
                count = getattr(value, "arity", None)
                return isinstance(value, Function) and (count is None or count == len(parameters))
            case Restricted(base, allows):
                return self.passes(value, base) and (not self._allowed or allows(value, self._run))
        return False


def coerce(value: Value, type: Type | None, run: Run) -> tuple[Value, bool]:
    """The value as that type, and whether it fits.

    A list of one becomes its item and an item a list of one where that helps; a date becomes its
    midnight UTC where a date and time is asked for; null always fits. Source: DMN 1.5, 10.3.2.9.4.
    Costs steps. Raises LimitReached.
    """
    if type is None or value is None or conforms(value, type, run):
        return value, True
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], type, run):
        return value[0], True
    if _wants_list(type) and conforms([value], type, run):
        return [value], True
    if type == Basic("date and time") and isinstance(value, DATES):
        return DateTime(value, Time(0, 0, offset=0)), True
    return None, False


def _wants_list(type: Type) -> bool:
    return (
        isinstance(type, ListOf)
        or type == Basic("list")
        or (isinstance(type, Restricted) and _wants_list(type.base))
    )
