"""The rows of a decomposition's form: proposed, checked by the decision, and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from engine.work.bindings import FieldError, StepContext, Value
from processes.decomposition.asking import (
    WHOLE_DUTY,
    Asked,
    Choice,
    proposed_division,
    proposed_person,
)
from processes.decomposition.sets import NewPart, Part, add_set
from processes.planning.entry import Rows, number_of, text_of
from processes.planning.versions import exact_text

LIST = "parts"
MOST_DUTY = 200


def form_rows(asked: Sequence[Asked], choice: Choice) -> list[dict[str, Any]]:
    """The parts as they stand, or one proposed part for each thing that nobody has broken down yet."""
    found: list[dict[str, Any]] = []
    for one in asked:
        if one.standing is not None:
            found += [_stored(one, part) for part in one.standing.parts]
        else:
            found.append(_proposed(one, choice))
    return found


def _stored(asked: Asked, part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "scope": asked.scope.id,
        "holder": part.division_id or part.user_id,
        "duty": part.duty,
        "weight": exact_text(part.weight),
        "due_on": part.due_on.isoformat(),
    }


def _proposed(asked: Asked, choice: Choice) -> dict[str, Any]:
    propose = proposed_division if choice.kind == "division" else proposed_person
    return {
        "scope": asked.scope.id,
        "holder": propose(asked, choice) or None,
        "duty": (asked.duty or WHOLE_DUTY)[:MOST_DUTY],
        "weight": "100",
        "due_on": asked.due_on.isoformat(),
    }


def check_rows(step: StepContext, asked: Sequence[Asked], rows: Rows, choice: Choice) -> list[FieldError]:
    """Every row complete; then what the decision says of each thing that is broken down."""
    found = [
        FieldError(f"{LIST}.{index}.{name}", code, message)
        for index, row in enumerate(rows)
        for name, code, message in _faults(row, asked, choice)
    ]
    return found or [error for one in asked for error in _judged(step, one, rows)]


def _faults(row: Mapping[str, Any], asked: Sequence[Asked], choice: Choice) -> list[tuple[str, str, str]]:
    found = []
    if text_of(row.get("scope")) not in {one.scope.id for one in asked}:
        found.append(("scope", "choice", "请从上面列出的目标中选择"))
    if text_of(row.get("holder")) not in choice.names:
        whom = "处室" if choice.kind == "division" else "责任人"
        found.append(("holder", "choice", f"请从名单中选择{whom}"))
    if not text_of(row.get("duty")):
        found.append(("duty", "required", "请写明承担的任务"))
    if (number_of(row.get("weight")) or 0) <= 0:
        found.append(("weight", "positive", "权重应大于 0"))
    if day_of(row.get("due_on")) is None:
        found.append(("due_on", "required", "请填写完成日期"))
    return found


def _judged(step: StepContext, asked: Asked, rows: Rows) -> list[FieldError]:
    """What the decision of the diagram (`bihuan:decisions`) says of one broken-down thing."""
    mine = [(index, row) for index, row in enumerate(rows) if row.get("scope") == asked.scope.id]
    holders = [row["holder"] for _, row in mine]
    days = [day for _, row in mine if (day := day_of(row["due_on"])) is not None]
    facts: dict[str, Value] = {
        "label": asked.label,
        "parts": Decimal(len(mine)),
        "weightSum": sum((number_of(row["weight"]) or Decimal(0) for _, row in mine), Decimal(0)),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "due": asked.due_on,
        "begins": min(step.today, asked.due_on),
        "twice": len(holders) > len(set(holders)),
    }
    assert step.decide is not None
    said = step.decide(step.properties["bihuan:decisions"], {**step.variables, "broken": facts})
    at = f"{LIST}.{mine[0][0]}" if mine else ""
    return [
        FieldError(f"{at}.{one['field']}" if at else LIST, "rule", str(one["message"])) for one in said or []
    ]


def write_rows(
    step: StepContext, asked: Sequence[Asked], rows: Rows, choice: Choice, *, basis: str, reason: str = ""
) -> list[NewPart]:
    """Store what differs from how it stands; every part that is now nobody's answered yet, old or new."""
    found: list[NewPart] = []
    for one in asked:
        parts = [_new(one, row, choice) for row in rows if row.get("scope") == one.scope.id]
        if _same(one, parts):
            found += [part for part in parts if part.origin_id in _unanswered(one)]
            continue
        stored = add_set(step, one.scope, parts, basis=basis, reason=reason)
        kept = {part.origin_id for part in parts if part.origin_id} - _unanswered(one)
        found += [part for part in stored if part.origin_id not in kept]
    return found


def _new(asked: Asked, row: Mapping[str, Any], choice: Choice) -> NewPart:
    holder = text_of(row["holder"])
    due_on = day_of(row["due_on"])
    assert due_on is not None  # `check_rows` has been asked before
    part = NewPart(
        holder if choice.kind == "division" else None,
        holder if choice.kind == "person" else None,
        choice.names[holder],
        text_of(row["duty"]),
        number_of(row["weight"]) or Decimal(0),
        due_on,
    )
    return _kept(asked, row, part)


def _kept(asked: Asked, row: Mapping[str, Any], part: NewPart) -> NewPart:
    """The same part with its origin, when it is left as it was and nobody has objected to it."""
    for old in asked.standing.parts if asked.standing else ():
        if old.id == row.get("id") and old.content() == part.content() and old.verdict != "objected":
            return replace(part, origin_id=old.origin_id)
    return part


def _same(asked: Asked, parts: Sequence[NewPart]) -> bool:
    if asked.standing is None:
        return False
    return [part.origin_id for part in parts] == [part.origin_id for part in asked.standing.parts]


def _unanswered(asked: Asked) -> set[str]:
    return {part.origin_id for part in (asked.standing.parts if asked.standing else ()) if not part.verdict}


def objections_in(asked: Sequence[Asked]) -> list[dict[str, str]]:
    """What was objected to the parts as they stand, as a form tells it."""
    return [
        {"label": one.label, "holder": part.holder, "duty": part.duty, "reason": part.reason}
        for one in asked
        for part in (one.standing.parts if one.standing else ())
        if part.verdict == "objected"
    ]


def day_of(given: object) -> date | None:
    """A day of a form; None for empty or unreadable."""
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None
