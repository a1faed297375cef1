"""The yearly figures of the ledger: the newest datum of a measure, writing the next one, and locking."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, insert, select

from engine.ids import new_id
from engine.store.prepared import Prepared
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.evaluation.collection.records import DataLock, DataOrder
from processes.evaluation.data_records import Datum, Evidence
from processes.planning.versions import exact_text
from processes.tables import table_of

DATA = table_of(Datum)
LOCKS = table_of(DataLock)
ORDERS = table_of(DataOrder)
EVIDENCE = table_of(Evidence)
ALGORITHM = "sha256"

Row = Mapping[str, Any]
LATER = DATA.alias("later")
NEWEST = Prepared(
    select(DATA)
    .outerjoin(LATER, LATER.c.replaces_id == DATA.c.id)
    .where(
        DATA.c.cycle_id == bindparam("cycle_id"),
        DATA.c.period == bindparam("period"),
        DATA.c.measure.in_(bindparam("measures", expanding=True)),
        LATER.c.id.is_(None),
    )
    .order_by(DATA.c.id)
)


class DataLocked(Exception):
    """A figure that was locked cannot be changed any more."""

    def __init__(self, measure: str) -> None:
        super().__init__("数据已锁定，不能再更正；确有错误的，请通过申诉提出。")
        self.measure = measure


def newest(
    connection: Connection, *, cycle_id: str, period: str, measures: Collection[str]
) -> dict[str, dict[str, Any]]:
    """The datum that counts of each measure in a period, by measure; one that nobody replaces."""
    if not measures:
        return {}
    rows = NEWEST.rows(connection, cycle_id=cycle_id, period=period, measures=list(measures))
    return {row["measure"]: row for row in rows}


def put_datum(
    step: StepContext, order: Row, before: Row | None, *, value: Decimal | None, note: str
) -> str | None:
    """Write what the supplier says; the new datum's id, or None when nothing changed.

    A figure that was withdrawn stays so. Raises: DataLocked.
    """
    if before is not None and before["status"] == "locked":
        raise DataLocked(str(order["measure_id"]))
    if before is not None and (
        before["status"] == "withdrawn" or (before["value"], before["note"]) == (value, note)
    ):
        return None
    datum_id = new_id()
    insert_row(
        step.connection,
        DATA,
        id=datum_id,
        cycle_id=order["cycle_id"],
        unit_id=order["unit_id"],
        target_id=order["target_id"],
        measure=order["measure_id"],
        period=order["period"],
        value=value,
        source=order["source"],
        entered_unit_id=order["supplier_id"],
        entered_by=step.person_id,
        entered_at=step.at,
        instance_id=step.instance_id,
        status="reported",
        replaces_id=before["id"] if before else None,
        note=note,
    )
    return datum_id


def mark(step: StepContext, datum: Row, status: str, *, note: str | None = None) -> str:
    """The same figure with another standing, as a new datum; its id. Raises: DataLocked."""
    if datum["status"] == "locked":
        raise DataLocked(str(datum["measure"]))
    datum_id = new_id()
    changed = {
        "id": datum_id,
        "status": status,
        "replaces_id": datum["id"],
        "entered_at": step.at,
        "instance_id": step.instance_id,
        "note": datum["note"] if note is None else note,
    }
    insert_row(step.connection, DATA, **{**datum, **changed})
    return datum_id


def digest_of(datum: Row) -> str:
    """The SHA-256 of what a datum says, in hex: whoever has the row can check it."""
    said = {
        name: datum[name]
        for name in ("cycle_id", "unit_id", "target_id", "measure", "period", "source", "note")
    }
    said["value"] = exact_text(datum["value"])
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def lock(step: StepContext, order: Row, datum: Row) -> None:
    """Lock an order's figure; once. A withdrawn figure is locked as it is, without counting."""
    if datum["status"] in ("locked", "withdrawn"):
        return
    datum_id = mark(step, datum, "locked")
    insert_row(
        step.connection,
        LOCKS,
        id=new_id(),
        order_id=order["id"],
        datum_id=datum_id,
        algorithm=ALGORITHM,
        digest=digest_of(datum),
        locked_at=step.at,
        instance_id=step.instance_id,
    )


def intact(connection: Connection, cycle_id: str) -> list[str]:
    """Orders of a cycle whose locked figure is not what was locked; empty when all hold."""
    query = (
        select(DATA, LOCKS.c.digest, LOCKS.c.order_id)
        .join(LOCKS, LOCKS.c.datum_id == DATA.c.id)
        .where(DATA.c.cycle_id == cycle_id)
    )
    rows = connection.execute(query).mappings().all()
    return [str(row["order_id"]) for row in map(dict, rows) if digest_of(row) != row["digest"]]


def add_evidence(step: StepContext, datum_ids: Collection[str], files: object) -> None:
    """Name uploaded files as what proves these data."""
    found = [str(one) for one in files] if isinstance(files, list) else []
    rows = [_evidence(step, datum_id, file_id, step.at) for datum_id in datum_ids for file_id in found]
    if rows:
        step.connection.execute(insert(EVIDENCE), rows)


def _evidence(step: StepContext, datum_id: str, file_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "cycle_id": step.cycle_id,
        "owner_kind": "datum",
        "owner_id": datum_id,
        "file_id": file_id,
        "caption": "",
        "added_by": step.person_id,
        "added_at": at,
    }
