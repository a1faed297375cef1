"""A unit's figures in a month: what was promised, what was reported, and the newest word on each.

Of rows that replace each other the newest counts; the older ones stay to be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, insert, select

from engine.ids import new_id
from engine.store import insert_rows
from engine.store.prepared import Prepared
from processes.adjusting.validity import end_of, valid_at
from processes.evaluation.data_records import Datum, Evidence
from processes.monitoring.records import ProgressLight
from processes.planning.reading import MeasureView, TargetView, issued_targets
from processes.planning.versions import exact_text
from processes.tables import table_of

DATA = table_of(Datum)
EVIDENCE = table_of(Evidence)
LIGHTS = table_of(ProgressLight)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One measure of an issued target."""

    target: TargetView
    measure: MeasureView

    @property
    def key(self) -> str:
        return self.measure.id

    @property
    def name(self) -> str:
        return str(self.measure.row["name"])

    def with_unit(self, value: Decimal | None) -> str:
        """`28000套`, or 无 where there is none."""
        return "无" if value is None else f"{exact_text(value)}{self.measure.row['unit']}"


def figures_of(connection: Connection, *, cycle_id: str, unit_id: str, period: str) -> list[Figure]:
    """The unit's figures that exist, as they were valid at the end of `period`: measures of issued targets
    whose yearly value has been given."""
    issued = issued_targets(connection, cycle_id=cycle_id, unit_id=unit_id)
    return [
        Figure(target, measure)
        for target in valid_at(connection, issued, end_of(period))
        for measure in target.measures
        if measure.value is not None
    ]


def newest(connection: Connection, table: Table, *conditions: Any) -> list[dict[str, Any]]:
    """Rows of an added-only table that nothing has replaced yet, in the order in which they were made."""
    query = _unreplaced(table).where(*conditions)
    return [dict(row) for row in connection.execute(query).mappings()]


@cache
def _unreplaced(table: Table) -> Select[Any]:
    """Built once: an alias makes every column anew, which costs more than the statement."""
    later = table.alias("later")
    unreplaced = select(table).outerjoin(later, later.c.replaces_id == table.c.id)
    return unreplaced.where(later.c.id.is_(None)).order_by(table.c.id)


IN_CYCLE = _unreplaced(DATA).where(
    DATA.c.cycle_id == bindparam("cycle_id"), DATA.c.unit_id == bindparam("unit_id")
)
DATA_OF = Prepared(IN_CYCLE.where(DATA.c.period == bindparam("period")))
DATA_BEFORE = Prepared(IN_CYCLE.where(DATA.c.period < bindparam("period"), DATA.c.value.is_not(None)))
ALL_LIGHTS = _unreplaced(LIGHTS).where(
    LIGHTS.c.cycle_id == bindparam("cycle_id"), LIGHTS.c.period == bindparam("period")
)
LIGHTS_OF_ALL = Prepared(ALL_LIGHTS)
LIGHTS_OF_UNIT = Prepared(ALL_LIGHTS.where(LIGHTS.c.unit_id == bindparam("unit_id")))
EVIDENCE_OF = Prepared(
    select(EVIDENCE.c.owner_id, EVIDENCE.c.file_id)
    .where(
        EVIDENCE.c.owner_kind == bindparam("owner_kind"),
        EVIDENCE.c.owner_id.in_(bindparam("owner_ids", expanding=True)),
    )
    .order_by(EVIDENCE.c.id)
)


def data_of(connection: Connection, *, cycle_id: str, unit_id: str, period: str) -> dict[str, Row]:
    """The figures that count in a period, by measure; withdrawn ones are none."""
    rows = DATA_OF.rows(connection, cycle_id=cycle_id, unit_id=unit_id, period=period)
    return {row["measure"]: row for row in rows if row["status"] != "withdrawn"}


def data_before(connection: Connection, *, cycle_id: str, unit_id: str, period: str) -> dict[str, Row]:
    """The last figure of each measure in the months before `period`."""
    rows = DATA_BEFORE.rows(connection, cycle_id=cycle_id, unit_id=unit_id, period=period)
    return {row["measure"]: row for row in sorted(rows, key=lambda row: str(row["period"]))}


def lights_of(
    connection: Connection, *, cycle_id: str, period: str, unit_id: str | None = None
) -> list[dict[str, Any]]:
    """The lights that count in a period, of one unit or of all."""
    if unit_id is None:
        return LIGHTS_OF_ALL.rows(connection, cycle_id=cycle_id, period=period)
    return LIGHTS_OF_UNIT.rows(connection, cycle_id=cycle_id, period=period, unit_id=unit_id)


@dataclass(frozen=True)
class Word:
    """Who says a figure, when and where: what every datum of one act has in common."""

    cycle_id: str
    unit_id: str
    period: str
    at: datetime
    by: str | None
    instance_id: str | None
    source: str = "self"


def write_datum(
    connection: Connection,
    word: Word,
    figure: Figure,
    *,
    value: Decimal | None,
    note: str,
    before: Row | None,
) -> str:
    """Add a datum, or leave the one that says the same; its id."""
    if before is not None and before["value"] == value and before["note"] == note:
        return str(before["id"])
    row = {
        "id": new_id(),
        "cycle_id": word.cycle_id,
        "unit_id": word.unit_id,
        "target_id": figure.target.id,
        "measure": figure.key,
        "period": word.period,
        "value": value,
        "source": word.source,
        "entered_unit_id": word.unit_id,
        "entered_by": word.by,
        "entered_at": word.at,
        "instance_id": word.instance_id,
        "status": "reported",
        "replaces_id": before["id"] if before is not None else None,
        "note": note,
    }
    insert_rows(connection, DATA.name, [row])
    return str(row["id"])


def add_evidence(
    connection: Connection, word: Word, *, owner_kind: str, owner_id: str, files: Sequence[str]
) -> None:
    """Tie files to what they prove; those that are tied already stay as they are."""
    known = set(evidence_of(connection, owner_kind, [owner_id]).get(owner_id, ()))
    rows = [
        {
            "id": new_id(),
            "cycle_id": word.cycle_id,
            "owner_kind": owner_kind,
            "owner_id": owner_id,
            "file_id": file_id,
            "caption": "",
            "added_by": word.by,
            "added_at": word.at,
        }
        for file_id in files
        if file_id not in known
    ]
    if rows:
        connection.execute(insert(EVIDENCE), rows)


def evidence_of(connection: Connection, owner_kind: str, owner_ids: Sequence[str]) -> dict[str, list[str]]:
    """The files tied to each owner."""
    if not owner_ids:
        return {}
    found: dict[str, list[str]] = {}
    for row in EVIDENCE_OF.rows(connection, owner_kind=owner_kind, owner_ids=owner_ids):
        found.setdefault(row["owner_id"], []).append(row["file_id"])
    return found
