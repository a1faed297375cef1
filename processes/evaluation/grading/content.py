"""What a snapshot seals, as JSON text: scores, inputs, scheme, rules, answers, adjustments, grades.

Values that must be computed with again (inputs, scheme) are written loss-free (`engine.feel.codec.dumps`);
what people read is plain JSON with decimals as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson

from engine.feel import Value
from engine.feel.codec import dumps, loads, to_json
from processes.evaluation.answer import unit_json
from processes.evaluation.grading.rules import RuleVersion
from processes.evaluation.inputs import Unit
from processes.evaluation.rulebook import Explained
from processes.evaluation.scheme import Scheme
from processes.evaluation.scoring import Scored, UnitScore

Content = dict[str, Any]
FORMAT = 1


@dataclass(frozen=True)
class Adjustment:
    """The committee's word on one unit's grade; it holds while the calculation gives `computed`."""

    unit: str
    computed: str
    grade: str
    reason: str
    decision_id: str

    def as_json(self) -> dict[str, str]:
        """As a snapshot keeps it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Basis:
    """What a calculation rests on besides the units: the cycle, its profile version, who is called what."""

    cycle: Mapping[str, Any]
    names: Mapping[str, str]
    scores: Mapping[str, Sequence[Mapping[str, Any]]]


def content_of(
    basis: Basis,
    scored: Scored,
    *,
    versions: Sequence[RuleVersion],
    adjustments: Sequence[Adjustment] = (),
    decisions: Sequence[Mapping[str, Any]] = (),
) -> Content:
    """The content of a snapshot. `decisions` are the bodies' decisions that it rests on."""
    answers = answers_of(scored)
    return {
        "format": FORMAT,
        "cycle": {name: basis.cycle[name] for name in ("id", "year", "profile", "profile_version_id")},
        "scheme": _kept(scored.scheme),
        "rules": [one.as_json() for one in versions],
        "names": dict(basis.names),
        "scores": {
            unit: [
                {"id": row["id"], "component": row["component"], "value": format(row["value"], "f")}
                for row in rows
            ]
            for unit, rows in basis.scores.items()
        },
        "inputs": _kept(scored.inputs),
        "answers": answers,
        "adjustments": [one.as_json() for one in adjustments],
        "decisions": [dict(one) for one in decisions],
        "grades": grades_of(answers, adjustments),
    }


def with_decisions(
    content: Content, *, adjustments: Sequence[Adjustment], decisions: Sequence[Mapping[str, Any]]
) -> Content:
    """The same calculation with what bodies decided on it."""
    return {
        **content,
        "adjustments": [one.as_json() for one in adjustments],
        "decisions": [dict(one) for one in decisions],
        "grades": grades_of(content["answers"], adjustments),
    }


def text_of(content: Content) -> str:
    """The one text of a content, over which the hash goes."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def answers_of(scored: Scored) -> Content:
    """What the decisions said: each unit, and what was decided over several of them."""
    return {
        "units": [_unit(unit) for unit in scored.units],
        "over": [{"scope": scope, **_step(decision)} for scope, decision in scored.over],
    }


def grades_of(answers: Content, adjustments: Sequence[Adjustment]) -> list[dict[str, Any]]:
    """The result unit by unit: the answers, but for what the committee decided otherwise."""
    changed = {one.unit: one for one in adjustments}
    return [_graded(unit, changed.get(unit["unit"])) for unit in answers["units"]]


def units_in(content: Content) -> list[Unit]:
    """The units as they were scored."""
    found = []
    for given in cast(list[dict[str, Value]], _read(content["inputs"])):
        marks = {name: value for name, value in given.items() if name not in ("unit", "group")}
        targets = marks.get("targets")
        listed = cast(list[dict[str, Value]], marks.pop("targets")) if isinstance(targets, list) else None
        found.append(Unit(str(given["unit"]), str(given["group"]), marks, listed))
    return found


def scheme_in(content: Content) -> Scheme:
    """The scheme by which they were scored."""
    return cast(Scheme, _read(content["scheme"]))


def adjustments_in(content: Content) -> list[Adjustment]:
    """The committee's adjustments."""
    return [Adjustment(**one) for one in content["adjustments"]]


def _graded(unit: dict[str, Any], adjustment: Adjustment | None) -> dict[str, Any]:
    kept = ("unit", "group", "components", "total_exact", "total", "rank", "zone", "promoted", "vetoed")
    return {
        **{name: unit[name] for name in kept},
        "computed": unit["grade"],
        "grade": adjustment.grade if adjustment else unit["grade"],
        "reason": adjustment.reason if adjustment else "",
    }


def _unit(unit: UnitScore) -> dict[str, Any]:
    vetoes = [cast(dict[str, Value], one.value) for one in unit.decisions if one.id == "veto"]
    return {
        **unit_json(unit),
        "vetoed": any(one["vetoed"] is True for one in vetoes),
        "steps": [_step(decision) for decision in unit.decisions],
    }


def _step(decision: Explained) -> dict[str, Any]:
    return {
        "id": decision.id,
        "name": decision.name,
        "value": to_json(decision.value),
        "rules": [{"number": one.number, "id": one.id, "text": one.text} for one in decision.rules],
    }


def _kept(value: Any) -> Any:
    return orjson.loads(dumps(value))


def _read(stored: Any) -> Value:
    return loads(orjson.dumps(stored).decode())
