"""FEEL, the expression language of DMN 1.5: text to syntax tree to closure.

Pure: knows nothing of the project, reads nothing but the context it is given.
"""

from __future__ import annotations

from engine.feel.errors import FeelError, FeelSyntaxError, LimitReached, Position, Warning
from engine.feel.expression import Expression, UnaryTest, compile_expression, evaluate, unary_test
from engine.feel.limits import DEFAULT_LIMITS, Limits
from engine.feel.temporal import DateTime, DayTimeDuration, Time, YearMonthDuration
from engine.feel.values import Function, Range, Value, from_python, type_name

__all__ = [
    "DEFAULT_LIMITS",
    "DateTime",
    "DayTimeDuration",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "Function",
    "LimitReached",
    "Limits",
    "Position",
    "Range",
    "Time",
    "UnaryTest",
    "Value",
    "Warning",
    "YearMonthDuration",
    "compile_expression",
    "evaluate",
    "from_python",
    "type_name",
    "unary_test",
]
