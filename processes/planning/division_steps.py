"""Records of 分办 and 处室填报: the liaison gives targets to divisions, each fills in its own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.planning.dividing import Offered, give, offered
from processes.planning.entry import (
    TARGETS,
    check_functions,
    fill_functions,
    rows_in,
    text_of,
    write_functions,
    write_milestones,
    write_shares,
)
from processes.planning.reading import (
    TargetView,
    function_rows,
    measure_rows,
    milestone_months,
    target_rows,
    targets_of,
)
from processes.planning.steps import plan_of, round_of, unit_of


class Assignment:
    """分办目标: which division and who of it answers for which target. One child a division that has any.

    Without divisions, or where the liaison says so, the liaison fills in when collating.
    """

    def read(self, step: StepContext) -> FormData:
        choices = self._offered(step)
        plan = plan_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])
        targets = _of_unit(step)
        again = round_of(step) > 1 or step.round > 1
        before = again or any(target.row["division_id"] for target in targets)
        return {
            "targets": [
                {
                    "id": target.id,
                    "locked": True,
                    "code": target.row["code"],
                    "title": target.title,
                    "requirement": target.shown(),
                    **choices.row_of(target, assigned_before=before),
                }
                for target in targets
                if target.row["locked"]
            ],
            "functions": [
                {
                    "id": target.id,
                    "title": target.title,
                    **choices.row_of(target, assigned_before=before),
                }
                for target in targets
                if not target.row["locked"]
            ],
            "division_options": choices.options(),
            "person_options": choices.people(),
            "divided": bool(choices.divisions),
            "remark": plan["remark"],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        choices, functions = self._offered(step), rows_in(data, "functions")
        return [
            *choices.check(rows_in(data, "targets"), listed="targets"),
            *choices.check(functions, listed="functions"),
            *check_functions(functions),
        ]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        choices = self._offered(step)
        rows = {str(row.get("id")): row for row in rows_in(data, "targets")}
        rows |= _with_functions(step, data)
        used = set()
        for target in _of_unit(step):
            row = rows.get(target.id)
            if row is None:
                used.add(target.row["division_id"])
                continue
            chosen = text_of(row.get("division"))
            division_id = chosen if chosen in choices.divisions else None
            give(step.connection, target, division_id=division_id, responsible=choices.responsible(row))
            used.add(division_id)
        return {
            "divisions": [
                {"id": division.id, "name": division.short_name}
                for division in choices.divisions.values()
                if division.id in used
            ],
            "visit": step.round,
        }

    def _offered(self, step: StepContext) -> Offered:
        return offered(step.connection, unit_of(step)["id"], on=step.today)


def _with_functions(step: StepContext, data: FormData) -> dict[str, Mapping[str, Any]]:
    """Make the unit's function indicators those of the form; its rows by the id they have now."""
    before = _of_unit(step)
    known = {row["id"]: row for row in function_rows(before)}
    rows = rows_in(data, "functions")
    full = [
        {**known.get(row.get("id"), {}), "id": row.get("id"), "title": text_of(row.get("title"))}
        for row in rows
    ]
    unit_id = unit_of(step)["id"]
    write_functions(step.connection, before, full, cycle_id=step.cycle_id, unit_id=unit_id)
    old = {target.id for target in before}
    made = iter([target.id for target in _of_unit(step) if target.id not in old])
    return {str(row["id"]) if row.get("id") in known else next(made): row for row in rows}


def _of_unit(step: StepContext, *, division_id: str | None = None) -> list[TargetView]:
    unit_id = unit_of(step)["id"]
    return targets_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_id, division_id=division_id)


class DivisionShare:
    """填报年度目标: a division's share; the figure stays locked, the how is the division's."""

    def read(self, step: StepContext) -> FormData:
        targets = self._targets(step)
        plan = plan_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])
        return {
            "division_name": step.variables["division"]["name"],
            "milestone_months": milestone_months(step.connection, step.cycle_id),
            "measures": measure_rows(targets),
            "targets": target_rows(targets),
            "functions": function_rows(targets),
            "remark": plan["remark"],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return check_functions(rows_in(data, "functions"))

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        targets = self._targets(step)
        write_shares(step.connection, targets, rows_in(data, "targets"))
        write_milestones(step.connection, targets, rows_in(data, "measures"))
        fill_functions(step.connection, targets, rows_in(data, "functions"))
        step.connection.execute(
            update(TARGETS)
            .where(TARGETS.c.id.in_([target.id for target in targets]))
            .values(filled_by=step.person_id, filled_at=step.at)
        )
        return {}

    def _targets(self, step: StepContext) -> list[TargetView]:
        return _of_unit(step, division_id=str(step.variables["division"]["id"]))
