"""核定异议: the office answers what a unit objects to, and corrects the figure where the unit is right."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.planning.entry import MEASURES, number_of, rows_in, text_of
from processes.planning.objections import answer, objections_of
from processes.planning.reading import TargetView, targets_of
from processes.planning.steps import unit_of
from processes.planning.versions import Occasion, add_version, exact_text
from processes.planning.waiting import settle

BASIS_OBJECTION = "异议核定"
KEPT = "该异议未被采纳，不能修改数值"
EMPTY = "采纳异议时请填写核定的新值，数值不能清空"
NO_FIGURE = "这项目标没有数值可改，不能采纳；请选“维持原值”，在答复中说明。"
UNCHANGED = "采纳了异议，却没有修改这项目标的数值。请在“有关数值”里填写核定的新值，或改选“维持原值”。"


class ObjectionDecisions:
    """核定异议: accept (and correct the figure) or keep it, with an answer for each."""

    def read(self, step: StepContext) -> FormData:
        unit = unit_of(step)
        raised = self._open(step)
        return {
            "unit_name": unit["name"],
            "objections": [
                {"id": objection["id"], "locked": True, "target": target.label, "text": objection["text"]}
                for target, objection in raised
            ],
            "measures": [
                {
                    "id": measure.id,
                    "locked": True,
                    "target": target.label,
                    "name": measure.row["name"],
                    "unit": measure.row["unit"],
                    "value": exact_text(measure.value),
                }
                for target, _ in raised
                for measure in target.measures
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        accepted = self._accepted(data)
        places = {row.get("id"): place for place, row in enumerate(rows_in(data, "objections"))}
        rows = {row.get("id"): (place, row) for place, row in enumerate(rows_in(data, "measures"))}
        errors = []
        for target, objection in self._open(step):
            given = [(*rows[measure.id], measure.value) for measure in target.measures if measure.id in rows]
            changed = {
                f"measures.{place}.value": figure
                for place, row, before in given
                for figure in [number_of(row.get("value"))]
                if figure != before
            }
            if objection["id"] not in accepted:
                errors += [FieldError(field, "kept", KEPT) for field in changed]
            elif not changed:
                place = places[objection["id"]]
                told = UNCHANGED if target.measures else NO_FIGURE
                errors.append(FieldError(f"objections.{place}.decision", "unchanged", told))
            else:
                errors += [FieldError(f, "empty", EMPTY) for f, figure in changed.items() if figure is None]
        return errors

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        accepted = self._accepted(data)
        answers = {row.get("id"): text_of(row.get("answer")) for row in rows_in(data, "objections")}
        figures = {row.get("id"): number_of(row.get("value")) for row in rows_in(data, "measures")}
        for target, objection in self._open(step):
            is_accepted = objection["id"] in accepted
            answer(
                step.connection,
                objection["id"],
                text=answers.get(objection["id"], ""),
                accepted=is_accepted,
                by=step.person_id,
                at=step.at,
            )
            if is_accepted:
                self._correct(step, target, figures)
        return {}

    def _open(self, step: StepContext) -> list[tuple[TargetView, Mapping[str, Any]]]:
        targets = targets_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])
        newest = objections_of(step.connection, [target.id for target in targets])
        return [
            (target, newest[target.id])
            for target in targets
            if target.id in newest and newest[target.id]["answered_at"] is None
        ]

    def _accepted(self, data: FormData) -> set[str]:
        return {str(row["id"]) for row in rows_in(data, "objections") if row.get("decision") == "accept"}

    def _correct(self, step: StepContext, target: TargetView, figures: Mapping[Any, Decimal | None]) -> None:
        changed = [
            (measure.id, figures[measure.id])
            for measure in target.measures
            if figures.get(measure.id) is not None and figures[measure.id] != measure.value
        ]
        for measure_id, value in changed:
            step.connection.execute(
                update(MEASURES).where(MEASURES.c.id == measure_id).values(value=value, awaits="")
            )
        if changed:
            settle(step.connection, target.id)
            occasion = Occasion(
                BASIS_OBJECTION, step.at, by_person=step.person_id, instance_id=step.instance_id
            )
            add_version(step.connection, target.id, occasion)
