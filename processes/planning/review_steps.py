"""Records of those who look at one unit's targets: its leaders, and the office."""

from engine.work.bindings import FormData, StepContext, Value
from processes.cycle.reading import cycle_of
from processes.planning.facts import facts_of, summary_of, warnings_of
from processes.planning.reading import milestone_months, targets_of
from processes.planning.steps import mark_plan, plan_of, round_of, unit_of
from processes.planning.unit_steps import Unchecked
from processes.planning.versions import Occasion, add_versions

BASIS_SIGNATURE = "主要负责人签发"


class LeaderReview(Unchecked):
    """分管领导审核: the decisive facts first: now, last year, the plan's goal."""

    def read(self, step: StepContext) -> FormData:
        unit = unit_of(step)
        targets = targets_of(step.connection, cycle_id=step.cycle_id, unit_id=unit["id"])
        cycle = cycle_of(step.connection, step.cycle_id)
        return {
            "unit_name": unit["name"],
            "year": cycle["year"],
            "round": round_of(step),
            "summary": summary_of(targets),
            "warnings": warnings_of(step, targets),
            "milestone_months": milestone_months(step.connection, step.cycle_id),
            "facts": facts_of(step, targets, cycle),
            "remark": plan_of(step.connection, cycle_id=step.cycle_id, unit_id=unit["id"])["remark"],
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class HeadSignature(LeaderReview):
    """主要负责人签发: with the signature the unit has reported; what differs from before is a version."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == "approve":
            mark_plan(
                step.connection,
                cycle_id=step.cycle_id,
                unit_id=unit_of(step)["id"],
                state="reported",
                round_number=round_of(step),
                remark="",
                reported_at=step.at,
            )
            signed = targets_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_of(step)["id"])
            occasion = Occasion(
                f"{BASIS_SIGNATURE}（第{round_of(step)}轮）",
                step.at,
                by_person=step.person_id,
                instance_id=step.instance_id,
            )
            add_versions(step.connection, [target.id for target in signed], occasion, only_changed=True)
        return {}


class OfficeReview(LeaderReview):
    """考评办审核: pass, or return with a reason (the opinion)."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        passed = outcome == "approve"
        mark_plan(
            step.connection,
            cycle_id=step.cycle_id,
            unit_id=unit_of(step)["id"],
            state="passed" if passed else "returned",
            passed_at=step.at if passed else None,
        )
        return {}
