"""判灯: what D03 says of a unit's figures in a month. The decisions are those that the diagram names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select

from engine.feel import Value
from engine.ids import new_id
from engine.work.bindings import ServiceCall, StepContext
from processes.adjusting.validity import earlier_versions, end_of
from processes.monitoring.figures import LIGHTS, Figure, Row
from processes.monitoring.scheme import limits, settings
from processes.planning.versions import VERSIONS

NO_LIGHT = "还没有可比的数"


class NoDecision(Exception):
    """A step that judges figures is not bound to a decision."""

    def __init__(self, element_id: str) -> None:
        super().__init__(
            f"步骤 {element_id} 没有可问的决策：请写 bihuan:advice 和输入 kindDecision、lightDecision"
        )
        self.element_id = element_id


@dataclass(frozen=True)
class Judged:
    """One figure with its datum and what was found."""

    figure: Figure
    datum: Row | None
    kind: str
    light: str
    reason: str
    deviation: Decimal | None
    planned: Decimal | None


def kinds_of(step: StepContext, figures: Sequence[Figure], decision: str) -> dict[str, str]:
    """How each figure is compared, by its key: count | rate | yearly."""
    if step.decide is None:
        raise NoDecision(step.element_id)
    given = settings(step.connection, step.cycle_id)
    lists = {name: given[name] for name in ("countUnits", "rateKinds", "yearlyKinds")}
    found = {}
    for figure in figures:
        about = {"kind": figure.measure.row["kind"], "unit": figure.measure.row["unit"]}
        found[figure.key] = str(step.decide(decision, {"figure": about, "figures": lists}))
    return found


def judge(
    call: ServiceCall, figures: Sequence[Figure], data: Mapping[str, Row], *, period: str, late_days: int
) -> list[Judged]:
    """Ask D03 about each figure of the period."""
    scheme = limits(call.connection, call.cycle_id, "lights")
    kinds = kinds_of(call, figures, str(call.inputs["kindDecision"]))
    month = int(period.partition("-")[2])
    found = []
    for figure in figures:
        datum = data.get(figure.key)
        progress = {
            **_promised(figure, month),
            "kind": kinds[figure.key],
            "actual": datum["value"] if datum else None,
            "late_days": Decimal(late_days),
        }
        found.append(_judge_one(call, figure, datum, progress=progress, scheme=scheme))
    return found


def _promised(figure: Figure, month: int) -> dict[str, Value]:
    """What D03 is told of the target: the year's value, the month, the curve of milestones."""
    nodes = sorted(figure.measure.milestones.items())
    return {
        "target": figure.measure.value,
        "month": Decimal(month),
        "milestone": figure.measure.milestones.get(month),
        "milestones": [{"month": Decimal(at), "value": value} for at, value in nodes],
        "direction": figure.measure.row["direction"],
    }


def _judge_one(
    call: ServiceCall,
    figure: Figure,
    datum: Row | None,
    *,
    progress: Mapping[str, Value],
    scheme: Mapping[str, Value],
) -> Judged:
    if call.decide is None:
        raise NoDecision(call.element_id)
    said = call.decide(str(call.inputs["lightDecision"]), {"progress": progress, "scheme": scheme})
    found: Mapping[str, Any] = said if isinstance(said, Mapping) else {"light": None, "reason": NO_LIGHT}
    return Judged(
        figure=figure,
        datum=datum,
        kind=str(progress["kind"]),
        light=str(found["light"] or ""),
        reason=str(found["reason"]),
        deviation=found.get("pct"),
        planned=found.get("planned"),
    )


def write_lights(
    call: ServiceCall, judged: Sequence[Judged], *, period: str, before: Mapping[str, Row]
) -> list[str]:
    """Add the lights, each in place of the one `before` (by measure); their ids."""
    numbers = _versions(call, judged, period)
    rows = [
        {
            "id": new_id(),
            "cycle_id": call.cycle_id,
            "unit_id": one.figure.target.row["unit_id"],
            "target_id": one.figure.target.id,
            "measure": one.figure.key,
            "period": period,
            "datum_id": one.datum["id"] if one.datum else None,
            "kind": one.kind,
            "target_value": one.figure.measure.value,
            "target_version": numbers.get(one.figure.target.id, 0),
            "planned": one.planned,
            "actual": one.datum["value"] if one.datum else None,
            "deviation": one.deviation,
            "light": one.light,
            "reason": one.reason,
            "made_at": call.at,
            "instance_id": call.instance_id,
            "replaces_id": before[one.figure.key]["id"] if one.figure.key in before else None,
        }
        for one in judged
    ]
    if rows:
        call.connection.execute(insert(LIGHTS), rows)
    return [str(row["id"]) for row in rows]


def _versions(call: ServiceCall, judged: Sequence[Judged], period: str) -> dict[str, int]:
    """The number of the version that each target was judged by."""
    targets = {one.figure.target.id for one in judged}
    query = (
        select(VERSIONS.c.target_id, func.max(VERSIONS.c.number).label("number"))
        .where(VERSIONS.c.target_id.in_(targets))
        .group_by(VERSIONS.c.target_id)
    )
    newest = {row.target_id: int(row.number) for row in call.connection.execute(query)}
    then = earlier_versions(call.connection, targets, end_of(period))
    return {**newest, **{target_id: int(row["number"]) for target_id, row in then.items()}}


def issue_of(light_id: str, one: Judged, *, period: str) -> dict[str, Value]:
    """A red light as the message `notice.wanted` carries it."""
    target = one.figure.target
    about = f"{target.label} · {one.figure.name}" if len(target.measures) > 1 else target.label
    return {
        "kind": "light",
        "sourceId": light_id,
        "subject": one.figure.key,
        "about": about,
        "text": f"{period} {about} 亮红灯：{one.reason}",
        "serious": False,
        "reporter": "",
    }
