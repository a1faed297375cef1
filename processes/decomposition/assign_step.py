"""Record of 落实到人: a division's shares to its people, or objections of the division to its shares.

`basis` says which step it is: made (the division may still object, where the diagram offers it), revised
(after objections of persons) or ruled (by the unit's head). Where a unit has no divisions, the liaison
revises and the head rules on the whole targets by the same form.
"""

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.decomposition.asking import Asked, Choice, asked_shares, asked_targets, persons_for
from processes.decomposition.rows import LIST, check_rows, form_rows, objections_in, write_rows
from processes.decomposition.sets import answer
from processes.decomposition.unit_step import people_to_ask
from processes.planning.entry import rows_in, text_of
from processes.planning.steps import unit_of

OBJECTED = "object"
"""The outcome by which a division, or a person, does not accept what it was given."""


class AssignPeople:
    """落实到人、调整人员分工、裁定个人异议. Gives `people`: who is asked next, or told of the ruling."""

    def read(self, step: StepContext) -> FormData:
        asked, choice = _asked(step), _choice(step)
        return {
            "holder_name": step.variables["holder"]["name"],
            "shares": [one.row() for one in asked],
            "answers": [{"id": one.scope.id, "label": one.label, "objection": ""} for one in asked],
            "scope_options": [{"label": one.label, "value": one.scope.id} for one in asked],
            "holder_options": choice.options(),
            "objections": objections_in(asked),
            "may_object": bool(step.variables.get("mayObject")),
            LIST: form_rows(asked, choice),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        said = objections_said(data, "answers")
        if outcome == OBJECTED:
            if not step.variables.get("mayObject"):
                return [FieldError("outcome", "not_allowed", "主要负责人已经裁定，不能再提异议")]
            return [] if said else [_nothing_said("answers")]
        if said:
            return [_said_in_vain("answers", data)]
        return check_rows(step, _asked(step), rows_in(data, LIST), _choice(step))

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        asked = _asked(step)
        if outcome == OBJECTED:
            known = {one.scope.id for one in asked}
            said = objections_said(data, "answers")
            answer(step, {key: why for key, why in said.items() if key in known}, verdict="objected")
            return {"people": []}
        if step.variables["basis"] == "made":
            answer(step, {one.scope.id: "" for one in asked}, verdict="accepted")
        basis = str(step.variables["basis"])
        parts = write_rows(step, asked, rows_in(data, LIST), _choice(step), basis=basis)
        if basis == "ruled":
            answer(step, {part.origin_id: "" for part in parts}, verdict="ruled")
        return {"people": people_to_ask(step, parts)}


def objections_said(data: FormData, name: str) -> dict[str, str]:
    """The objections in a form's list: id → reason."""
    rows = rows_in(data, name)
    return {str(row["id"]): text_of(row.get("objection")) for row in rows if text_of(row.get("objection"))}


def _nothing_said(name: str) -> FieldError:
    return FieldError(f"{name}.0.objection", "required", "请在有异议的那一项写明理由")


def _said_in_vain(name: str, data: FormData) -> FieldError:
    index = next(i for i, row in enumerate(rows_in(data, name)) if text_of(row.get("objection")))
    told = "写了异议就请选“有异议”；没有异议请清空"
    return FieldError(f"{name}.{index}.objection", "contradiction", told)


def _asked(step: StepContext) -> list[Asked]:
    """The first time what nobody has answered; later what this instance has given to persons."""
    holder = str(step.variables["holder"]["id"])
    if holder == unit_of(step)["id"]:
        return [one for one in asked_targets(step) if one.standing is not None]
    shares = asked_shares(step, holder)
    if step.variables["basis"] == "made":
        return [one for one in shares if one.share is not None and not one.share.verdict]
    return [one for one in shares if one.standing and one.standing.row["instance_id"] == step.instance_id]


def _choice(step: StepContext) -> Choice:
    return persons_for(step, str(step.variables["holder"]["id"]))
