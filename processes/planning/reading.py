"""Targets as forms and pages read them: a target with its measures and milestones, in three queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from engine.store.prepared import Prepared
from processes.cycle.reading import scheme_of
from processes.planning.records import Milestone, Target, TargetMeasure
from processes.planning.versions import exact_text
from processes.tables import table_of

TARGETS = table_of(Target)
MEASURES = table_of(TargetMeasure)
MILESTONES = table_of(Milestone)

MONTH_FIELDS = {month: f"month_{month}" for month in range(1, 13)}
"""The forms' fields for milestones. Which of them a city asks for, `planning.milestoneMonths` of its profile
says; the forms show those, and what a form does not show never reaches a record.
"""

ORDER = (TARGETS.c.locked.desc(), TARGETS.c.position, TARGETS.c.code)
OF_UNIT = select(TARGETS).where(
    TARGETS.c.cycle_id == bindparam("cycle_id"), TARGETS.c.unit_id == bindparam("unit_id")
)
TARGETS_OF_UNIT = Prepared(OF_UNIT.order_by(*ORDER))
TARGETS_OF_DIVISION = Prepared(
    OF_UNIT.where(TARGETS.c.division_id == bindparam("division_id")).order_by(*ORDER)
)
ISSUED_TARGETS = Prepared(OF_UNIT.where(TARGETS.c.state == "issued").order_by(*ORDER))
ONE_TARGET = Prepared(select(TARGETS).where(TARGETS.c.id == bindparam("target_id")))
TARGETS_AMONG = Prepared(
    select(TARGETS).where(TARGETS.c.id.in_(bindparam("target_ids", expanding=True))).order_by(*ORDER)
)
MEASURES_OF = Prepared(
    select(MEASURES)
    .where(MEASURES.c.target_id.in_(bindparam("target_ids", expanding=True)))
    .order_by(MEASURES.c.target_id, MEASURES.c.position)
)
MILESTONES_OF = Prepared(
    select(MILESTONES.c.measure_id, MILESTONES.c.month, MILESTONES.c.value).where(
        MILESTONES.c.measure_id.in_(bindparam("measure_ids", expanding=True))
    )
)

AWAITS = {"city": "等待市政府下达", "province": "等待省下达", "office": "累计增量，等待考评办确定年度值"}
KINDS = {"kpi": "关键指标", "special": "专项目标", "function": "职能指标"}


@dataclass(frozen=True)
class MeasureView:
    """One figure with its milestones by month."""

    row: Mapping[str, Any]
    milestones: Mapping[int, Decimal]

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def value(self) -> Decimal | None:
        value: Decimal | None = self.row["value"]
        return value

    def shown(self) -> str:
        """The yearly figure in words: `≤49μg/m³`, or who still has to give it."""
        if self.value is None:
            return AWAITS.get(self.row["awaits"], "未定")
        sign = {">=": "", "<=": "≤", "<": "<", ">": ">"}[self.row["comparator"]]
        return f"{sign}{exact_text(self.value)}{self.row['unit']}"

    def milestone(self, month: int) -> str | None:
        """The milestone at the end of a month (1 to 12) as exact text."""
        return exact_text(self.milestones.get(month))

    def milestone_fields(self) -> dict[str, str | None]:
        """The milestones by form field (`month_6`), None where there is none."""
        return {name: self.milestone(month) for month, name in MONTH_FIELDS.items()}


@dataclass(frozen=True)
class TargetView:
    """A target's row with its measures in order."""

    row: Mapping[str, Any]
    measures: Sequence[MeasureView] = field(default_factory=tuple)

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def label(self) -> str:
        """Code and title; function indicators have a title only."""
        return (
            str(self.row["title"]) if self.row["kind"] == "function" else f"{self.row['code']} {self.title}"
        )

    @property
    def title(self) -> str:
        return str(self.row["title"])

    def shown(self) -> str:
        """What the year asks for: the figures, or the words where there are none."""
        if not self.measures:
            return str(self.row["text"])
        if len(self.measures) == 1:
            return self.measures[0].shown()
        return "；".join(f"{measure.row['name']} {measure.shown()}" for measure in self.measures)


def targets_of(
    connection: Connection, *, cycle_id: str, unit_id: str, division_id: str | None = None
) -> list[TargetView]:
    """A unit's targets of a cycle, assigned ones first; only a division's when one is named."""
    place = {"cycle_id": cycle_id, "unit_id": unit_id}
    if division_id is None:
        return with_measures(connection, TARGETS_OF_UNIT.rows(connection, **place))
    return with_measures(connection, TARGETS_OF_DIVISION.rows(connection, **place, division_id=division_id))


def issued_targets(connection: Connection, *, cycle_id: str, unit_id: str) -> list[TargetView]:
    """Those of a unit that were issued (下达)."""
    rows = ISSUED_TARGETS.rows(connection, cycle_id=cycle_id, unit_id=unit_id)
    return with_measures(connection, rows)


def target_of(connection: Connection, target_id: str) -> TargetView | None:
    """One target, or None."""
    found = with_measures(connection, ONE_TARGET.rows(connection, target_id=target_id))
    return found[0] if found else None


def targets_among(connection: Connection, target_ids: Collection[str]) -> list[TargetView]:
    """The targets with these ids."""
    if not target_ids:
        return []
    return with_measures(connection, TARGETS_AMONG.rows(connection, target_ids=sorted(target_ids)))


def views(connection: Connection, query: "Select[Any]") -> list[TargetView]:
    """Targets chosen by `query` over the target table, with measures and milestones."""
    rows = connection.execute(query.order_by(*ORDER)).mappings()
    return with_measures(connection, [dict(row) for row in rows])


def with_measures(connection: Connection, targets: Sequence[Mapping[str, Any]]) -> list[TargetView]:
    """Target rows in their order, with measures and milestones."""
    measures = _measures(connection, [str(row["id"]) for row in targets])
    return [TargetView(row, tuple(measures.get(str(row["id"]), ()))) for row in targets]


def _measures(connection: Connection, target_ids: Sequence[str]) -> dict[str, list[MeasureView]]:
    if not target_ids:
        return {}
    found = MEASURES_OF.rows(connection, target_ids=target_ids)
    milestones: dict[str, dict[int, Decimal]] = {}
    if found:
        ids = [row["id"] for row in found]
        for point in MILESTONES_OF.rows(connection, measure_ids=ids):
            milestones.setdefault(point["measure_id"], {})[point["month"]] = point["value"]
    grouped: dict[str, list[MeasureView]] = {}
    for row in found:
        grouped.setdefault(row["target_id"], []).append(MeasureView(row, milestones.get(row["id"], {})))
    return grouped


def milestone_months(connection: Connection, cycle_id: str) -> list[int]:
    """The months at whose end the cycle's profile asks for a milestone (节点), in order."""
    return [int(month) for month in scheme_of(connection, cycle_id)["planning"]["milestoneMonths"]]


def measure_rows(targets: Sequence[TargetView]) -> list[dict[str, Any]]:
    """Form rows of all measures of assigned targets: the figure is locked, milestones are the unit's."""
    return [
        {
            "id": measure.id,
            "locked": bool(target.row["locked"]),
            "target": target.label,
            "name": measure.row["name"],
            "unit": measure.row["unit"],
            "value": exact_text(measure.value),
            **measure.milestone_fields(),
            "note": AWAITS.get(measure.row["awaits"], ""),
        }
        for target in targets
        for measure in target.measures
        if target.row["locked"]
    ]


def target_rows(targets: Sequence[TargetView]) -> list[dict[str, Any]]:
    """Form rows of assigned targets: who is responsible, and how it will be reached."""
    return [
        {
            "id": target.id,
            "locked": bool(target.row["locked"]),
            "code": target.row["code"],
            "title": target.title,
            "text": target.row["text"],
            "responsible": target.row["responsible"],
            "measures": target.row["measures"],
            "division": target.row["division_id"],
        }
        for target in targets
        if target.row["locked"]
    ]


def function_rows(targets: Sequence[TargetView]) -> list[dict[str, Any]]:
    """Form rows of the unit's own function indicators (职能指标)."""
    rows = []
    for target in targets:
        if not target.row["locked"]:
            measure = target.measures[0] if target.measures else None
            rows.append(
                {
                    "id": target.id,
                    "title": target.title,
                    "weight": exact_text(target.row["weight"]),
                    "text": target.row["text"],
                    "value": exact_text(measure.value) if measure else None,
                    "unit": measure.row["unit"] if measure else "",
                    **(measure.milestone_fields() if measure else dict.fromkeys(MONTH_FIELDS.values())),
                    "responsible": target.row["responsible"],
                    "measures": target.row["measures"],
                }
            )
    return rows
