"""What the command line's `feel` answers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.codec import Json, to_json
from engine.feel.errors import Warning
from engine.feel.expression import evaluate
from engine.feel.values import Value, type_name


def answer(expr: str, context: Mapping[str, Value]) -> dict[str, object]:
    """`{"value", "type", "warnings", "decisions"}`; decimals as strings, dates in ISO 8601.

    Raises FeelSyntaxError.
    """
    warnings: list[Warning] = []
    value = evaluate(expr, context, warnings=warnings)
    return {
        "value": to_json(value),
        "type": type_name(value),
        "warnings": [warning_json(warning) for warning in warnings],
        "decisions": [],
    }


def warning_json(warning: Warning) -> dict[str, Json | list[int]]:
    """`{code, message, position: [line, column]}`."""
    return {"code": warning.code, "message": warning.message, "position": list(warning.position)}
