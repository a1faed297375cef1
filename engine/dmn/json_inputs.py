"""Inputs as JSON carries them: numbers and dates as text become what the model's types say."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.builtins import BUILTINS
from engine.feel.calendar import DATES
from engine.feel.functions import BadCall
from engine.feel.limits import DEFAULT_LIMITS
from engine.feel.scope import Run
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.temporal_text import parse_temporal
from engine.feel.types import BASIC, Basic, ContextOf, ListOf, Restricted, Type
from engine.feel.values import Value

_TEMPORAL = (*DATES, Time, DateTime, DayTimeDuration, YearMonthDuration)


def from_json(value: Value, type: Type | None) -> Value:
    """The value as the type wants it; unchanged where its text does not say such a thing."""
    match type:
        case Basic(name) if isinstance(value, str):
            return _scalar(value, name)
        case ListOf(item) if isinstance(value, list):
            return [from_json(one, item) for one in value]
        case ContextOf(fields) if isinstance(value, dict):
            kinds = dict(fields)
            return {key: from_json(one, kinds.get(key)) for key, one in value.items()}
        case Restricted(base, _):
            return from_json(value, base)
    return value


def _scalar(text: str, kind: str) -> Value:
    wanted = BASIC.get(kind, ())
    if Decimal in wanted:
        try:
            return BUILTINS["number"].call(Run(DEFAULT_LIMITS, None, {}), [text])
        except BadCall:
            return text
    if any(one in _TEMPORAL for one in wanted):
        found = parse_temporal(text)
        return found if isinstance(found, wanted) else text
    return text
