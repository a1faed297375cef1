"""任务下达: assigned targets of a year arrive at their units, filled and locked.

Source: 004_7fcb70e31656ebad.txt, 三(一) tables 1 and 2. Increments over the whole period and “完成…下达指标”
are no yearly values: such measures are placeholders (pending) and cannot be scored until someone gives one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, insert, select

from engine.ids import new_id
from engine.store.writing import insert_row
from processes.cycle.records import Indicator
from processes.data.tables import MeasureRow, Row, measures_of, rows_of
from processes.planning.records import Target, TargetMeasure
from processes.planning.versions import Occasion, add_versions
from processes.tables import table_of

TARGETS = table_of(Target)
MEASURES = table_of(TargetMeasure)
INDICATORS = table_of(Indicator)

FindUnit = Callable[[str], str | None]
"""The id of the unit known by a name, or None."""


class UnresolvedUnit(Exception):
    """A table names a unit that nobody knows: the import stops here."""

    def __init__(self, *, file: str, line: int, name: str) -> None:
        super().__init__(f"{file} 第 {line} 行：不认识单位“{name}”")
        self.file = file
        self.line = line
        self.name = name


@dataclass(frozen=True)
class Units:
    """How names in a table become unit ids: by alias, or as a group (各区、县(市)政府)."""

    find: FindUnit
    groups: dict[str, tuple[str, ...]]

    def named(self, text: str, *, file: str, line: int) -> list[str]:
        """The ids of all units in `text`, in order. Raises: UnresolvedUnit."""
        whole = text.strip()
        if whole in self.groups:
            return list(self.groups[whole])
        found = []
        for name in re.split("[、;；]", whole):
            unit_id = self.find(name.strip())
            if unit_id is None:
                raise UnresolvedUnit(file=file, line=line, name=name.strip())
            found.append(unit_id)
        return found


@dataclass(frozen=True)
class Assigned:
    """One assigned target of a year as the tables give it, for one or more units."""

    code: str
    kind: str
    domain: str
    title: str
    text: str
    units: list[str]
    measures: list[MeasureRow]

    @property
    def pending(self) -> bool:
        """Does a value still have to come?"""
        return any(measure.awaits for measure in self.measures)


TABLES: Mapping[str, str | None] = {"kpi": "kpi_annual", "special": "special_targets"}
"""The tables of assigned targets, as a profile names them (`assignedTargets`)."""


def assigned_of(year: int, units: Units, *, tables: Mapping[str, str | None] = TABLES) -> list[Assigned]:
    """All assigned targets of `year` in the profile's tables; it may have none. Raises: UnresolvedUnit."""
    kpi, special = tables.get("kpi"), tables.get("special")
    return [
        *(_kpi_of(year, units, table=kpi) if kpi else ()),
        *(_special_of(year, units, table=special) if special else ()),
    ]


def _kpi_of(year: int, units: Units, *, table: str) -> list[Assigned]:
    rows = {row["kpi_code"]: row for row in rows_of("kpi")}
    found = []
    for cell in rows_of(table):
        if cell["year"] == str(year):
            row = rows[cell["kpi_code"]]
            found.append(
                Assigned(
                    code=cell["kpi_code"],
                    kind="kpi",
                    domain=row["domain"],
                    title=_kpi_title(row),
                    text=cell["target_text"],
                    units=units.named(
                        cell["responsible_units"], file=f"{table}.csv", line=int(cell["_line"])
                    ),
                    measures=measures_of(cell["kpi_code"], year),
                )
            )
    return found


def _special_of(year: int, units: Units, *, table: str) -> list[Assigned]:
    return [
        Assigned(
            code=row["target_code"],
            kind="special",
            domain="重点专项考核目标",
            title=row["target_name"],
            text=row["content_and_metrics"],
            units=units.named(row["lead_units"], file=f"{table}.csv", line=int(row["_line"])),
            measures=measures_of(row["target_code"], year),
        )
        for row in rows_of(table)
    ]


def _kpi_title(row: Row) -> str:
    return f"{row['indicator']}: {row['sub_indicator']}" if row["sub_indicator"] else row["indicator"]


def lay_indicators(connection: Connection) -> dict[str, str]:
    """Make sure that every measure of the tables is an indicator; ids by code."""
    known = {row.code: row.id for row in connection.execute(select(INDICATORS.c.code, INDICATORS.c.id))}
    kpi = {row["kpi_code"]: row for row in rows_of("kpi")}
    fresh = []
    for name, column in (("kpi_measures", "kpi_code"), ("special_measures", "target_code")):
        for row in rows_of(name):
            if row["indicator_code"] not in known:
                known[row["indicator_code"]] = new_id()
                fresh.append(_indicator(row, known[row["indicator_code"]], kpi.get(row[column]), column))
    if fresh:
        connection.execute(insert(INDICATORS), fresh)
    return known


def _indicator(row: Row, indicator_id: str, kpi: Row | None, column: str) -> dict[str, object]:
    return {
        "id": indicator_id,
        "code": row["indicator_code"],
        "target_code": row[column],
        "position": int(row["position"]),
        "name": row["name"],
        "unit": row["unit"],
        "direction": row["direction"],
        "comparator": row["comparator"],
        "kind": row["kind"],
        "domain": kpi["domain"] if kpi else "重点专项考核目标",
        "goal_text": kpi["goal_text"] if kpi else "",
        "goal": Decimal(row["goal"]) if row["goal"] else None,
    }


def arrive(
    connection: Connection,
    assigned: Sequence[Assigned],
    *,
    cycle_id: str,
    basis: str,
    at: datetime,
    instance_id: str | None = None,
) -> int:
    """Put the assigned targets that a cycle does not have yet on their units, each with version 1.

    How many were new; a second call adds nothing.
    """
    indicators = lay_indicators(connection)
    present = {
        (row.unit_id, row.code)
        for row in connection.execute(
            select(TARGETS.c.unit_id, TARGETS.c.code).where(TARGETS.c.cycle_id == cycle_id)
        )
    }
    arrived = []
    for position, target in enumerate(assigned, 1):
        for unit_id in target.units:
            if (unit_id, target.code) not in present:
                target_id = _put(
                    connection, target, unit_id=unit_id, cycle_id=cycle_id, position=position, basis=basis
                )
                _put_measures(connection, target_id, target.measures, indicators)
                arrived.append(target_id)
    add_versions(connection, arrived, Occasion(basis, at, instance_id=instance_id))
    return len(arrived)


def _put(
    connection: Connection, target: Assigned, *, unit_id: str, cycle_id: str, position: int, basis: str
) -> str:
    target_id = new_id()
    insert_row(
        connection,
        TARGETS,
        id=target_id,
        cycle_id=cycle_id,
        unit_id=unit_id,
        code=target.code,
        kind=target.kind,
        position=position,
        domain=target.domain,
        title=target.title,
        text=target.text,
        source=basis,
        locked=True,
        pending=target.pending,
        scorable=not target.pending,
        state="draft",
        responsible="",
        measures="",
    )
    return target_id


def _put_measures(
    connection: Connection, target_id: str, measures: Sequence[MeasureRow], indicators: dict[str, str]
) -> None:
    if measures:
        connection.execute(
            insert(MEASURES),
            [
                {
                    "id": new_id(),
                    "target_id": target_id,
                    "indicator_id": indicators[measure.indicator_code],
                    "position": measure.position,
                    "name": measure.name,
                    "unit": measure.unit,
                    "direction": measure.direction,
                    "comparator": measure.comparator,
                    "kind": measure.kind,
                    "value": Decimal(measure.value) if measure.value is not None else None,
                    "awaits": measure.awaits,
                }
                for measure in measures
            ],
        )
