"""What a scoring answers as JSON: one shape for units, whoever asks. Decimals are text."""

from engine.feel.codec import to_json
from processes.evaluation.rulebook import Explained, Fired
from processes.evaluation.scoring import Scored, UnitScore


def unit_json(unit: UnitScore, *, explain: bool = False) -> dict[str, object]:
    """`{unit, group, components, total_exact, total, rank, zone, grade, promoted, rules}`.

    `rules`: `[{decision, number, id, text}]`. With `explain` also `decisions`: `[{id, name, inputs, rules,
    value}]`, each with the values it looked at.
    """
    said: dict[str, object] = {
        "unit": unit.unit,
        "group": unit.group,
        "components": to_json(unit.components),
        "total_exact": format(unit.total_exact.normalize(), "f"),
        "total": to_json(unit.total),
        "rank": unit.rank,
        "zone": unit.zone,
        "grade": unit.grade,
        "promoted": unit.promoted,
        "rules": [_rule(rule) for rule in unit.rules],
    }
    if explain:
        said["decisions"] = [_decision(decision) for decision in unit.decisions]
    return said


def scored_json(scored: Scored, *, explain: bool = False) -> dict[str, object]:
    """`{profile, units}`; with `explain` also `decisions` over several units and `versions` (SHA-256)."""
    said: dict[str, object] = {
        "profile": scored.scheme["key"],
        "units": [unit_json(unit, explain=explain) for unit in scored.units],
    }
    if explain:
        said["decisions"] = [{"group": group, **_decision(decision)} for group, decision in scored.over]
        said["versions"] = scored.digests
    return said


def _rule(rule: Fired) -> dict[str, object]:
    return {"decision": rule.decision, "number": rule.number, "id": rule.id, "text": rule.text}


def _decision(decision: Explained) -> dict[str, object]:
    return {
        "id": decision.id,
        "name": decision.name,
        "inputs": to_json(decision.inputs),
        "rules": [_rule(rule) for rule in decision.rules],
        "value": to_json(decision.value),
    }
