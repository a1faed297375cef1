"""Record and service of 责任人确认: a person accepts the duties given to them, or objects to some."""

from collections.abc import Sequence

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.decomposition.asking import Asked, asked_shares, asked_targets
from processes.decomposition.assign_step import OBJECTED, objections_said
from processes.decomposition.sets import Part, answer
from processes.planning.entry import rows_in, text_of
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text

LIST = "duties"


class Confirmation:
    """责任人确认. Gives `objected`."""

    def read(self, step: StepContext) -> FormData:
        return {
            "holder_name": step.variables["holder"]["name"],
            LIST: [
                {
                    "id": part.origin_id,
                    "label": one.label,
                    "requirement": one.target.shown(),
                    "duty": part.duty,
                    "weight": exact_text(part.weight),
                    "due_on": part.due_on.isoformat(),
                    "objection": "",
                }
                for one, part in _open_duties(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        said = objections_said(data, LIST)
        if outcome == OBJECTED and not said:
            return [FieldError(f"{LIST}.0.objection", "required", "请在有异议的那一项写明理由")]
        if outcome != OBJECTED and said:
            rows = rows_in(data, LIST)
            index = next(i for i, row in enumerate(rows) if text_of(row.get("objection")))
            told = "写了异议就请选“有异议”；没有异议请清空"
            return [FieldError(f"{LIST}.{index}.objection", "contradiction", told)]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        said = objections_said(data, LIST) if outcome == OBJECTED else {}
        mine = {part.origin_id for _, part in _open_duties(step)}
        objected = {key: why for key, why in said.items() if key in mine}
        answer(step, objected, verdict="objected")
        answer(step, dict.fromkeys(mine - objected.keys(), ""), verdict="accepted")
        return {"objected": bool(objected)}


def keep_silence(call: ServiceCall) -> dict[str, Value]:
    """逾期视为确认: the term has passed without an answer, and that is put on record."""
    answer(call, {part.origin_id: "" for _, part in _open_duties(call)}, verdict="silent")
    return {"objected": False}


def _open_duties(step: StepContext) -> list[tuple[Asked, Part]]:
    """The person's duties in this run, from this division or unit, that they have not answered yet."""
    person = str(step.variables["person"]["id"])
    return [
        (one, part)
        for one in _given(step)
        for part in (one.standing.parts if one.standing else ())
        if part.user_id == person and not part.verdict
    ]


def _given(step: StepContext) -> Sequence[Asked]:
    holder = str(step.variables["holder"]["id"])
    return asked_targets(step) if holder == unit_of(step)["id"] else asked_shares(step, holder)
