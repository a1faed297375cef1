"""The decisive facts about a unit's targets, for whoever reviews them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from engine.store.prepared import Prepared
from engine.work.bindings import StepContext, Value
from processes.cycle.reading import CYCLES
from processes.planning.arrival import INDICATORS
from processes.planning.reading import MeasureView, TargetView
from processes.planning.records import Target, TargetMeasure
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text
from processes.tables import table_of

OLD_TARGETS = table_of(Target).alias("last_target")
OLD_MEASURES = table_of(TargetMeasure).alias("last_measure")


def summary_of(targets: list[TargetView]) -> str:
    """`关键指标 3 项，专项目标 1 项，职能指标 2 项，待下达 1 项`."""
    counts = [
        ("关键指标", sum(target.row["kind"] == "kpi" for target in targets)),
        ("专项目标", sum(target.row["kind"] == "special" for target in targets)),
        ("职能指标", sum(target.row["kind"] == "function" for target in targets)),
        ("待下达", sum(bool(target.row["pending"]) for target in targets)),
    ]
    return "，".join(f"{name} {count} 项" for name, count in counts if count) or "没有目标"


def warnings_of(step: StepContext, targets: list[TargetView]) -> list[str]:
    """What a reviewer should look at twice: what the decision that the diagram names says of each figure.

    The decision (`bihuan:advice`) is asked about `figure`: {target, name, unit, comparator, direction, value,
    milestones: [{month, value}]}. Nothing it answers stops a plan.
    """
    decision = step.properties.get("bihuan:advice")
    if not decision or step.decide is None:
        return []
    found: list[str] = []
    for target in targets:
        for measure in target.measures:
            answer = step.decide(decision, {**step.variables, "figure": _figure(target, measure)})
            found += [str(warning) for warning in answer or []]
    return found


def _figure(target: TargetView, measure: MeasureView) -> dict[str, Value]:
    row = measure.row
    return {
        "target": target.label,
        **{name: row[name] for name in ("name", "unit", "comparator", "direction")},
        "value": _plain(measure.value),
        "milestones": [
            {"month": Decimal(month), "value": _plain(value)}
            for month, value in sorted(measure.milestones.items())
        ],
    }


def _plain(value: Decimal | None) -> Decimal | None:
    """The number as people write it, so that a sentence says 49 and never 49.0000."""
    return None if value is None else Decimal(exact_text(value) or 0)


def facts_of(step: StepContext, targets: list[TargetView], cycle: Mapping[str, Any]) -> list[dict[str, str]]:
    """One row a figure (or a target without figures): now, last year, the plan's goal, milestones."""
    before = _last_year(step, cycle, unit_of(step)["id"])
    goals = _goals(step, targets)
    rows = []
    for target in targets:
        for measure in target.measures or (None,):
            indicator = str(measure.row["indicator_id"]) if measure else ""
            many = measure is not None and len(target.measures) > 1
            rows.append(
                {
                    "title": f"{target.label} · {measure.row['name']}" if measure and many else target.label,
                    "now": measure.shown() if measure else target.shown(),
                    "last": before.get(indicator, "无") if measure else "",
                    "benchmark": goals.get(indicator, "") if measure else "",
                    **_milestones(measure),
                    "responsible": str(target.row["responsible"]),
                    "measures": str(target.row["measures"]),
                }
            )
    return rows


def _milestones(measure: MeasureView | None) -> dict[str, str]:
    if measure is None:
        return {}
    return {name: "未填" if text is None else text for name, text in measure.milestone_fields().items()}


GOALS = Prepared(
    select(INDICATORS.c.id, INDICATORS.c.goal_text).where(
        INDICATORS.c.target_code.in_(bindparam("codes", expanding=True))
    )
)
FIGURES_OF_YEAR = Prepared(
    select(OLD_MEASURES.c.indicator_id, OLD_MEASURES.c.value, OLD_MEASURES.c.unit)
    .join(OLD_TARGETS, OLD_TARGETS.c.id == OLD_MEASURES.c.target_id)
    .join(CYCLES, CYCLES.c.id == OLD_TARGETS.c.cycle_id)
    .where(
        CYCLES.c.assessor_id == bindparam("assessor_id"),
        CYCLES.c.year == bindparam("year"),
        CYCLES.c.run_mode == bindparam("run_mode"),
        OLD_TARGETS.c.unit_id == bindparam("unit_id"),
        OLD_MEASURES.c.indicator_id.is_not(None),
    )
)


def _goals(step: StepContext, targets: list[TargetView]) -> dict[str, str]:
    codes = [target.row["code"] for target in targets]
    rows = GOALS.rows(step.connection, codes=codes) if codes else []
    return {row["id"]: row["goal_text"] for row in rows}


def _last_year(step: StepContext, cycle: Mapping[str, Any], unit_id: str) -> dict[str, str]:
    rows = FIGURES_OF_YEAR.rows(
        step.connection,
        assessor_id=cycle["assessor_id"],
        year=cycle["year"] - 1,
        run_mode=cycle["run_mode"],
        unit_id=unit_id,
    )
    return {
        row["indicator_id"]: "未定" if row["value"] is None else f"{exact_text(row['value'])}{row['unit']}"
        for row in rows
    }
