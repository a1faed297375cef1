"""Records of a unit's own steps: 汇总, and 确认下达指标; 分办 and 处室填报 are in division_steps.py."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import scheme_of
from processes.planning.assigning import ASSIGNMENTS, newest_assignment
from processes.planning.dividing import filled_by
from processes.planning.entry import (
    check_functions,
    rows_in,
    write_functions,
    write_milestones,
    write_shares,
)
from processes.planning.objections import objections_of, open_objections, write_objections
from processes.planning.reading import (
    TargetView,
    function_rows,
    measure_rows,
    milestone_months,
    target_of,
    target_rows,
    targets_of,
)
from processes.planning.steps import mark_plan, plan_of, round_of, unit_of
from processes.planning.versions import Occasion, add_versions, version_numbered

BASIS_CONFIRMATION = "单位确认下达指标"


class Unchecked:
    """A record whose form says everything that has to be checked."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []


class UnitPlanEntry:
    """汇总年度目标: everything the unit says about its year, and what D01 is asked about it."""

    def read(self, step: StepContext) -> FormData:
        targets = self._targets(step)
        objections = objections_of(step.connection, [target.id for target in targets])
        plan = plan_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])
        problems = step.variables.get("problems") or []
        rows, functions = target_rows(targets), function_rows(targets)
        filled = filled_by(step.connection, targets)
        for row in [*rows, *functions]:
            row["filled"] = filled[row["id"]]
        for row in rows:
            last = objections.get(row["id"])
            is_open = last is not None and last["answered_at"] is None
            row["objection"] = last["text"] if last is not None and is_open else ""
            row["answer"] = last["answer"] if last is not None and not is_open else ""
        return {
            "milestone_months": milestone_months(step.connection, step.cycle_id),
            "measures": measure_rows(targets),
            "targets": rows,
            "functions": functions,
            "remark": plan["remark"],
            "problems": list(problems),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return check_functions(rows_in(data, "functions"))

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        unit_id = unit_of(step)["id"]
        targets = self._targets(step)
        write_shares(step.connection, targets, rows_in(data, "targets"))
        write_milestones(step.connection, targets, rows_in(data, "measures"))
        functions = rows_in(data, "functions")
        write_functions(step.connection, targets, functions, cycle_id=step.cycle_id, unit_id=unit_id)
        write_objections(step, targets, rows_in(data, "targets"), round_number=round_of(step))
        mark_plan(
            step.connection,
            cycle_id=step.cycle_id,
            unit_id=unit_id,
            state="drafting",
            round_number=round_of(step),
        )
        return {"plan": plan_summary(step)}

    def _targets(self, step: StepContext) -> list[TargetView]:
        return targets_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])


def plan_summary(step: StepContext) -> dict[str, Value]:
    """What D01 and the gateways ask about a unit's plan: counts and sums, no texts."""
    targets = targets_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])
    functions = [target for target in targets if not target.row["locked"]]
    weights = [target.row["weight"] for target in functions if target.row["weight"] is not None]
    planning = scheme_of(step.connection, step.cycle_id)["planning"]
    service = planning.get("serviceWeight")
    return {
        "targets": Decimal(len(targets)),
        "functions": Decimal(len(functions)),
        "weightsGiven": Decimal(len(weights)),
        "weightSum": sum(weights, start=Decimal(0)),
        "weightTotal": Decimal(str(planning["weightTotal"])),
        "weightTolerance": Decimal(str(planning["weightTolerance"])),
        "withoutPerson": Decimal(sum(not target.row["responsible"] for target in targets)),
        "withoutMeasures": Decimal(sum(not target.row["measures"] for target in targets)),
        "serviceWeight": None if service is None else Decimal(str(service)),
        "openObjections": Decimal(open_objections(step.connection, [target.id for target in targets])),
    }


class AssignedValue:
    """确认下达指标: the unit sees the value that came from above and sets its milestones.

    The figures are those of the assignment's own version, whatever came later. Milestones are the unit's;
    where it changes them, its answer is a version too.
    """

    def read(self, step: StepContext) -> FormData:
        target, assignment = self._target(step), self._assignment(step)
        version = version_numbered(step.connection, target.id, assignment["version_number"])
        assigned = {figure["measure"]: figure["value"] for figure in version["figures"]}
        rows = measure_rows([target])
        return {
            "title": target.label,
            "document": assignment["document"],
            "version": assignment["version_number"],
            "milestone_months": milestone_months(step.connection, step.cycle_id),
            "measures": [{**row, "value": assigned.get(row["id"])} for row in rows],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        newest = newest_assignment(step.connection, self._target(step).id)
        if newest is None or newest["id"] == self._assignment(step)["id"]:
            return []
        told = f"这项目标已有更新的下达（依据：{newest['document']}），请刷新后办理新的任务。"
        return [FieldError("measures", "superseded", told)]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        target = self._target(step)
        write_milestones(step.connection, [target], rows_in(data, "measures"))
        basis = f"{BASIS_CONFIRMATION}（{self._assignment(step)['document']}）"
        occasion = Occasion(basis, step.at, by_person=step.person_id, instance_id=step.instance_id)
        add_versions(step.connection, [target.id], occasion, only_changed=True)
        return {}

    def _assignment(self, step: StepContext) -> Mapping[str, Any]:
        query = select(ASSIGNMENTS).where(ASSIGNMENTS.c.id == step.variables["assignmentId"])
        return dict(step.connection.execute(query).mappings().one())

    def _target(self, step: StepContext) -> TargetView:
        target = target_of(step.connection, str(step.variables["targetId"]))
        assert target is not None, "a target is never deleted once it was assigned"
        return target
