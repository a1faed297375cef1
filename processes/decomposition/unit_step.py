"""Record of 分解目标: the unit's targets to its divisions, or straight to persons where it has none.

The same form serves three steps: the first breaking down, the revision after objections, and the ruling of
the unit's head. The input `basis` (made, revised, ruled) says which.
"""

from collections.abc import Sequence

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.decomposition.asking import Choice, asked_targets, divisions_for, persons_for, setting
from processes.decomposition.rows import LIST, check_rows, form_rows, objections_in, write_rows
from processes.decomposition.sets import NewPart, add_set, answer
from processes.planning.entry import rows_in, text_of
from processes.planning.steps import unit_of

DECLINED = "none"
"""The outcome that says: these targets need no decomposition."""


class BreakDown:
    """分解目标、调整分解、裁定处室异议. Gives `holders` (who assigns persons next) and `people`."""

    def read(self, step: StepContext) -> FormData:
        asked, choice = asked_targets(step), _choice(step)
        return {
            "divided": choice.kind == "division",
            "targets": [one.row() for one in asked],
            "scope_options": [{"label": one.label, "value": one.scope.id} for one in asked],
            "holder_options": choice.options(),
            "objections": objections_in(asked),
            "may_decline": bool(setting(step.connection, step.cycle_id, "mayDecline"))
            and _basis(step) == "made",
            LIST: form_rows(asked, choice),
            "reason": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == DECLINED:
            return _check_declining(step, data)
        return check_rows(step, asked_targets(step), rows_in(data, LIST), _choice(step))

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        asked, reason = asked_targets(step), text_of(data.get("reason"))
        if outcome == DECLINED:
            for one in asked:
                add_set(step, one.scope, [], basis="declined", reason=reason)
            return {"holders": [], "people": []}
        choice = _choice(step)
        parts = write_rows(step, asked, rows_in(data, LIST), choice, basis=_basis(step), reason=reason)
        if choice.kind == "division":
            return {"holders": _named(parts), "people": []}
        people = people_to_ask(step, parts)
        unit = unit_of(step)
        return {"holders": [{"id": unit["id"], "name": unit["name"]}] if people else [], "people": people}


def people_to_ask(step: StepContext, parts: Sequence[NewPart]) -> list[dict[str, str]]:
    """The persons of unanswered duties, each once; who gave a duty to themselves has answered by that."""
    own = {part.origin_id: "" for part in parts if part.user_id == step.person_id}
    answer(step, own, verdict="own")
    return _named([part for part in parts if part.origin_id not in own])


def _named(parts: Sequence[NewPart]) -> list[dict[str, str]]:
    named = {part.division_id or part.user_id or "": part.holder for part in parts}
    return [{"id": key, "name": name} for key, name in named.items()]


def _basis(step: StepContext) -> str:
    return str(step.variables["basis"])


def _choice(step: StepContext) -> Choice:
    """The unit's divisions; its people where it had none when this run began."""
    divided = bool(step.variables.get("divided"))
    return divisions_for(step) if divided else persons_for(step, unit_of(step)["id"])


def _check_declining(step: StepContext, data: FormData) -> list[FieldError]:
    if not _may_decline(step):
        told = "本方案要求每个单位都分解目标，请分解后提交"
        return [FieldError("outcome", "not_allowed", told)]
    if not text_of(data.get("reason")):
        return [FieldError("reason", "required", "请写明为什么不需要分解")]
    return []


def _may_decline(step: StepContext) -> bool:
    return bool(setting(step.connection, step.cycle_id, "mayDecline"))
