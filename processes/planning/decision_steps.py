"""Records of decisions made in meetings (代录), and of the document that issues the targets."""

from typing import Any

from sqlalchemy import func, select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.documents import number_taken, proposed_number, put_document
from processes.cycle.reading import cycle_of, scheme_of
from processes.planning.city_steps import unit_references, unit_summaries
from processes.planning.decisions import DecisionResult
from processes.planning.entry import TARGETS, rows_in, text_of
from processes.planning.meetings import day_of, record_decision
from processes.planning.steps import PLANS, mark_plan
from processes.tables import table_of

RESULTS = table_of(DecisionResult)

SOME_REFUSED = "some_refused"
ALL_PASSED = "all_passed"
"""The answer of a meeting that refused some units; the other answer is that all passed."""


class Decision:
    """登记决定: meeting, date, document number, scanned minutes, and what was decided about each unit.

    The diagram says for whom (`bihuan:registers`), which units are decided (input `decides`, a list of plan
    states), and which state they have afterwards (inputs `passedState`, `refusedState`). The form bounds the
    day of the decision by the input `notBefore`; which day that is, says `notBeforeIs`.
    """

    def read(self, step: StepContext) -> FormData:
        return {
            "body": step.on_behalf,
            "overall": None,
            "results": [
                {
                    "id": unit["id"],
                    "locked": True,
                    "name": unit["name"],
                    "result": "passed",
                    "remark": "",
                }
                for unit in self._units(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found = []
        rows = rows_in(data, "results")
        if data.get("overall") == SOME_REFUSED and not any(row.get("result") == "refused" for row in rows):
            found.append(FieldError("overall", "nobody_refused", "请指出哪些单位未通过，或选“全部通过”"))
        if data.get("overall") == ALL_PASSED and any(row.get("result") == "refused" for row in rows):
            told = "选了“全部通过”，逐单位决定里却有“未通过”的。请改选“部分未通过”，或把这些单位改为“通过”。"
            found.append(FieldError("overall", "contradictory", told))
        for index, row in enumerate(rows):
            if row.get("result") == "refused" and not text_of(row.get("remark")):
                found.append(FieldError(f"results.{index}.remark", "missing", "请写明未通过的理由"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        decision_id = record_decision(step, data)
        reasons = self._refused(data)
        for unit in self._units(step):
            reason = reasons.get(str(unit["id"]))
            insert_row(
                step.connection,
                RESULTS,
                id=new_id(),
                decision_id=decision_id,
                unit_id=unit["id"],
                passed=reason is None,
                remark=reason or "",
            )
            mark_plan(
                step.connection,
                cycle_id=step.cycle_id,
                unit_id=str(unit["id"]),
                state=str(step.variables["passedState" if reason is None else "refusedState"]),
                remark=reason or "",
            )
        decided_on = day_of(data.get("decided_on")) or step.today
        return {"refused": self._refused_so_far(step), "decidedOn": decided_on}

    def _refused(self, data: FormData) -> dict[str, str]:
        """The refused units with the reasons. Nobody is refused, or passed, by leaving a row out."""
        if data.get("overall") != SOME_REFUSED:
            return {}
        rows = [row for row in rows_in(data, "results") if row.get("result") == "refused"]
        return {str(row.get("id")): text_of(row.get("remark")) for row in rows}

    def _refused_so_far(self, step: StepContext) -> list[dict[str, Value]]:
        """Whom this body or one before it has refused, as diagrams pass units: {id, name, code}."""
        refused = {
            unit["id"]
            for unit in unit_summaries(step.connection, step.cycle_id)
            if unit["state"] == step.variables["refusedState"]
        }
        return [unit for unit in unit_references(step.connection, step.cycle_id) if unit["id"] in refused]

    def _units(self, step: StepContext) -> list[dict[str, Any]]:
        units = unit_summaries(step.connection, step.cycle_id)
        return [unit for unit in units if unit["state"] in step.variables["decides"]]


class IssueDocument:
    """拟定下达文件: number, date and title of the document under which the targets are issued."""

    kind = "targets"

    def read(self, step: StepContext) -> FormData:
        cycle = cycle_of(step.connection, step.cycle_id)
        label = scheme_of(step.connection, step.cycle_id)["documents"][self.kind]["label"]
        approved = select(PLANS.c.unit_id).where(
            PLANS.c.cycle_id == step.cycle_id, PLANS.c.state == "approved"
        )
        units = step.connection.execute(select(func.count()).select_from(approved.subquery())).scalar_one()
        targets = step.connection.execute(
            select(func.count()).where(TARGETS.c.cycle_id == step.cycle_id, TARGETS.c.unit_id.in_(approved))
        ).scalar_one()
        return {
            "units": units,
            "targets": targets,
            "number": proposed_number(step.connection, cycle, kind=self.kind),
            "issued_on": step.today.isoformat(),
            "title": f"{cycle['year']} {label}",
            "body": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if number_taken(step.connection, step.cycle_id, text_of(data.get("number"))):
            return [FieldError("number", "taken", "这个文号已经用过")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        document_id = put_document(
            step.connection,
            cycle_of(step.connection, step.cycle_id),
            kind=self.kind,
            number=text_of(data.get("number")),
            title=text_of(data.get("title")),
            issued_on=day_of(data.get("issued_on")) or step.today,
            body=text_of(data.get("body")),
            instance_id=step.instance_id,
        )
        return {"documentId": document_id}
