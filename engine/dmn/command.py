"""What the command line's `decide` answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.dmn import DecisionTrace, read
from engine.dmn.imports import siblings
from engine.feel.codec import to_json
from engine.feel.command import warning_json
from engine.feel.values import Value, type_name


def answer(data: bytes, file: str, decision: str, inputs: Mapping[str, Value]) -> dict[str, object]:
    """`{"value", "type", "warnings", "decisions": [{id, value, inputs, rules: [{number, id}]}]}`.

    Models that it imports are found in the file's folder. Raises DmnRefused, UnknownDecision.
    """
    where = Path(file)
    decisions = read(data, file=file, others=siblings(where) if where.is_file() else None)
    outcome = decisions.decide(decision, decisions.read_inputs(inputs))
    return {
        "value": to_json(outcome.value),
        "type": type_name(outcome.value),
        "warnings": [warning_json(warning) for warning in outcome.warnings],
        "decisions": [trace_json(trace) for trace in outcome.decisions],
    }


def trace_json(trace: DecisionTrace) -> dict[str, object]:
    """`{id, value, inputs, rules: [{number, id}]}`; rules are numbered from 1 in the order of the table."""
    return {
        "id": trace.id,
        "value": to_json(trace.value),
        "inputs": to_json(trace.inputs),
        "rules": [{"number": rule.number, "id": rule.id} for rule in trace.rules],
    }
