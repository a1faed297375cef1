"""公文: documents with numbers from a series per assessor, year and kind (杭考评办〔2018〕1号)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from processes.cycle.records import Cycle, Document, DocumentSeries, ProfileVersion
from processes.tables import table_of

CYCLES = table_of(Cycle)
DOCUMENTS = table_of(Document)
SERIES = table_of(DocumentSeries)
PROFILES = table_of(ProfileVersion)


def proposed_number(connection: Connection, cycle: Mapping[str, Any], *, kind: str) -> str:
    """The next number of the series, '' for a kind without one; taken only when a document bears it."""
    series = _series(connection, cycle, kind)
    if series is not None:
        return _number(series["prefix"], cycle["year"], series["last"] + 1)
    prefix = _prefix(connection, cycle, kind)
    return _number(prefix, cycle["year"], 1) if prefix else ""


def number_taken(connection: Connection, cycle_id: str, number: str) -> bool:
    """Does a document of the cycle's assessor bear `number` already, in any year of the same run mode?"""
    mine = CYCLES.alias("mine")
    found = connection.execute(
        select(DOCUMENTS.c.id)
        .join(CYCLES, CYCLES.c.id == DOCUMENTS.c.cycle_id)
        .join(mine, (mine.c.assessor_id == CYCLES.c.assessor_id) & (mine.c.run_mode == CYCLES.c.run_mode))
        .where(mine.c.id == cycle_id, DOCUMENTS.c.number == number)
    ).first()
    return found is not None


def put_document(
    connection: Connection,
    cycle: Mapping[str, Any],
    *,
    kind: str,
    number: str,
    title: str,
    issued_on: date,
    body: str = "",
    instance_id: str | None = None,
) -> str:
    """Store a document; a number of the series moves the series on. The document's id."""
    document_id = new_id()
    insert_row(
        connection,
        DOCUMENTS,
        id=document_id,
        cycle_id=cycle["id"],
        kind=kind,
        number=number,
        title=title,
        issued_on=issued_on,
        body=body,
        instance_id=instance_id,
    )
    _move_on(connection, cycle, kind, number)
    return document_id


def _move_on(connection: Connection, cycle: Mapping[str, Any], kind: str, number: str) -> None:
    series = _series(connection, cycle, kind)
    prefix = series["prefix"] if series else _prefix(connection, cycle, kind)
    if prefix is None:
        return
    match = re.fullmatch(re.escape(f"{prefix}〔{cycle['year']}〕") + r"(\d+)号", number)
    if match is None:
        return
    given = int(match.group(1))
    if series is None:
        insert_row(
            connection,
            SERIES,
            id=new_id(),
            assessor_id=cycle["assessor_id"],
            year=cycle["year"],
            kind=kind,
            prefix=prefix,
            last=given,
        )
    elif given > series["last"]:
        connection.execute(update(SERIES).where(SERIES.c.id == series["id"]).values(last=given))


def _series(connection: Connection, cycle: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    query = select(SERIES).where(
        SERIES.c.assessor_id == cycle["assessor_id"], SERIES.c.year == cycle["year"], SERIES.c.kind == kind
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row is not None else None


def _prefix(connection: Connection, cycle: Mapping[str, Any], kind: str) -> str | None:
    """None for a kind of paper that the profile gives no series: its number comes from elsewhere."""
    content = connection.execute(
        select(PROFILES.c.content).where(PROFILES.c.id == cycle["profile_version_id"])
    ).scalar_one()
    series = content["documents"].get(kind)
    return str(series["prefix"]) if series else None


def _number(prefix: str, year: int, number: int) -> str:
    return f"{prefix}〔{year}〕{number}号"
