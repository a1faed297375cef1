"""What is known of a unit's targets at the year's end: figures, exemptions, the unit's word, results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.ids import new_id
from engine.store.prepared import Prepared
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.adjusting.validity import end_of, valid_at
from processes.cycle.reading import cycle_of
from processes.evaluation.assessment.records import Exemption, RandomDraw, SelfAssessment, TargetResult
from processes.evaluation.assessment.rules import Rules, fired, plain
from processes.evaluation.collection.ledger import newest
from processes.evaluation.rulebook import Answer
from processes.planning.leading import lead_of_target
from processes.planning.reading import TargetView, issued_targets
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text
from processes.tables import table_of

EXEMPTIONS = table_of(Exemption)
REPORTS = table_of(SelfAssessment)
RESULTS = table_of(TargetResult)
DRAWS = table_of(RandomDraw)

CHECK = "check"


@dataclass(frozen=True)
class Standing:
    """A target with its yearly figures, by measure id."""

    target: TargetView
    data: Mapping[str, Mapping[str, Any]]

    @property
    def counted(self) -> bool:
        """Has every figure of it a locked value?"""
        rows = [self.data.get(measure.id) for measure in self.target.measures]
        return bool(rows) and all(
            row and row["status"] == "locked" and row["value"] is not None for row in rows
        )

    @property
    def withdrawn(self) -> bool:
        """Was a figure of it withdrawn because it was forged?"""
        rows = [self.data.get(measure.id) for measure in self.target.measures]
        return any(row is not None and row["status"] == "withdrawn" for row in rows)

    def said(self) -> str:
        """The figures in words, as the ledger has them: `52μg/m³`."""
        words = []
        for measure in self.target.measures:
            row = self.data.get(measure.id)
            if row is None:
                words.append("未报送")
            elif row["status"] == "withdrawn":
                words.append("已作废（弄虚作假）")
            elif row["value"] is None:
                words.append(f"无数据（{row['note']}）")
            else:
                words.append(f"{exact_text(row['value'])}{measure.row['unit']}")
        return "；".join(words) or "没有数值指标"

    def as_row(self) -> dict[str, Any]:
        """What every form shows of a target."""
        return {
            "id": self.target.id,
            "title": self.target.label,
            "goal": self.target.shown(),
            "said": self.said(),
        }


def standings(step: StepContext) -> list[Standing]:
    """The issued targets of the step's unit, as they were valid at the year's end, with their figures."""
    issued = issued_targets(step.connection, cycle_id=step.cycle_id, unit_id=str(unit_of(step)["id"]))
    year = str(cycle_of(step.connection, step.cycle_id)["year"])
    scorable = [target for target in issued if target.row["scorable"]]
    targets = valid_at(step.connection, scorable, end_of(year))
    measures = [measure.id for target in targets for measure in target.measures]
    data = newest(step.connection, cycle_id=step.cycle_id, period=year, measures=measures)
    return [Standing(target, data) for target in targets]


def exempt_targets(step: StepContext) -> set[str]:
    """Targets of the step's unit that D07 exempts, by the newest word."""
    query = (
        select(EXEMPTIONS.c.target_id, EXEMPTIONS.c.exempt)
        .where(EXEMPTIONS.c.cycle_id == step.cycle_id, EXEMPTIONS.c.unit_id == unit_of(step)["id"])
        .order_by(EXEMPTIONS.c.id)
    )
    said = {row.target_id: row.exempt for row in step.connection.execute(query)}
    return {target_id for target_id, exempt in said.items() if target_id and exempt}


def own_word(step: StepContext) -> Mapping[str, Any] | None:
    """The unit's newest self-assessment."""
    query = (
        select(REPORTS)
        .where(REPORTS.c.cycle_id == step.cycle_id, REPORTS.c.unit_id == unit_of(step)["id"])
        .order_by(REPORTS.c.id.desc())
        .limit(1)
    )
    row = step.connection.execute(query).mappings().first()
    return dict(row) if row else None


OF_UNIT = (
    select(RESULTS)
    .where(RESULTS.c.cycle_id == bindparam("cycle_id"), RESULTS.c.unit_id == bindparam("unit_id"))
    .order_by(RESULTS.c.id)
)
CHECKED = Prepared(OF_UNIT.where(RESULTS.c.way == CHECK))
ASSESSED = Prepared(OF_UNIT.where(RESULTS.c.way != CHECK))


def results_of(
    connection: Connection, *, cycle_id: str, unit_id: str, checks: bool = False
) -> dict[str, dict[str, Any]]:
    """The newest result of each target of a unit; with `checks` what random checks found instead."""
    asked = CHECKED if checks else ASSESSED
    return {row["target_id"]: row for row in asked.rows(connection, cycle_id=cycle_id, unit_id=unit_id)}


def put_result(
    step: StepContext,
    rules: Rules,
    standing: Standing,
    *,
    way: str,
    achievements: Sequence[Decimal],
    quality: Decimal | None = None,
    basis: str = "",
    by_unit_id: str | None = None,
    reasons: Sequence[Answer] = (),
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write how far a target was reached; how figures become a result, the decision says."""
    item = {"achievements": list(achievements), "quality": quality, "weight": standing.target.row["weight"]}
    answer = rules.decide("target_result", item=item)
    value: Any = answer.value
    insert_row(
        step.connection,
        RESULTS,
        id=new_id(),
        cycle_id=step.cycle_id,
        unit_id=standing.target.row["unit_id"],
        target_id=standing.target.id,
        way=way,
        achievement=value["achievement"],
        measure=value["measure"],
        weight=value["weight"],
        basis=basis,
        inputs={**plain(item), **(inputs or {})},
        rules=fired(*reasons, answer),
        by_person=step.person_id,
        by_unit_id=by_unit_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )


def lead_of(step: StepContext, standing: Standing) -> dict[str, Any] | None:
    """The bureau that leads a special target, {id, name, code}; None for others and for its own."""
    return lead_of_target(step.connection, standing.target.row)
