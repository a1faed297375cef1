"""A box's life: made, filled with codes, counted."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from engine.ids import new_id
from engine.store.writing import insert_row
from processes.evaluation.ballots.casting import BALLOTS, BOXES, SPENT, box_of
from processes.evaluation.ballots.proofs import digest_of, new_code, new_salt, plain_code
from processes.evaluation.ballots.records import IssuedCode
from processes.tables import table_of

ISSUED = table_of(IssuedCode)
FEWEST = 5
"""Groups smaller than this are never shown. A promise to those who answer, so no city may lower it."""


def open_box(connection: Connection, *, cycle_id: str, kind: str) -> str:
    """Make a box; its id."""
    box_id = new_id()
    insert_row(connection, BOXES, id=box_id, cycle_id=cycle_id, kind=kind, salt=new_salt(), scrubbed=False)
    return box_id


def issue_codes(connection: Connection, box_id: str, *, layer: int, many: int) -> list[str]:
    """Make codes for a layer. They are shown by whoever asked, this once: only digests are stored."""
    salt = box_of(connection, box_id).salt
    codes = [new_code() for _ in range(many)]
    rows = [
        {"digest": digest_of(plain_code(code), salt=salt), "box_id": box_id, "layer": layer} for code in codes
    ]
    # in the order of the digests, so that the table does not know the order of the printed sheet
    connection.execute(insert(ISSUED), sorted(rows, key=lambda row: str(row["digest"])))
    return codes


def layer_of(connection: Connection, box_id: str, code: str) -> int | None:
    """The layer for which this code was issued; None for no code of this box."""
    digest = digest_of(plain_code(code), salt=box_of(connection, box_id).salt)
    found = connection.execute(
        select(ISSUED.c.layer).where(ISSUED.c.digest == digest, ISSUED.c.box_id == box_id)
    ).scalar_one_or_none()
    return None if found is None else int(found)


def issued_per_layer(connection: Connection, box_id: str) -> Counter[int]:
    """How many codes were issued for each layer."""
    rows = connection.execute(
        select(ISSUED.c.layer, func.count()).where(ISSUED.c.box_id == box_id).group_by(ISSUED.c.layer)
    )
    return Counter({int(layer): int(many) for layer, many in rows})


def spent_per_layer(connection: Connection, box_id: str) -> Counter[int]:
    """How many of them have been used."""
    rows = connection.execute(
        select(ISSUED.c.layer, func.count())
        .join(SPENT, SPENT.c.digest == ISSUED.c.digest)
        .where(ISSUED.c.box_id == box_id)
        .group_by(ISSUED.c.layer)
    )
    return Counter({int(layer): int(many) for layer, many in rows})


def spent_in(connection: Connection, box_id: str) -> int:
    """How many have voted."""
    query = select(func.count()).select_from(SPENT).where(SPENT.c.box_id == box_id)
    return int(connection.execute(query).scalar_one())


def marks_in(connection: Connection, box_id: str) -> dict[tuple[str, int], Counter[str]]:
    """(subject, layer) → how often each mark was given."""
    rows = connection.execute(
        select(BALLOTS.c.subject_id, BALLOTS.c.layer, BALLOTS.c.mark, func.count())
        .where(BALLOTS.c.box_id == box_id)
        .group_by(BALLOTS.c.subject_id, BALLOTS.c.layer, BALLOTS.c.mark)
    )
    found: dict[tuple[str, int], Counter[str]] = {}
    for subject, layer, mark, many in rows:
        found.setdefault((subject, int(layer)), Counter())[mark] = int(many)
    return found


def closed_at(connection: Connection, box_id: str) -> datetime | None:
    """When the box was closed."""
    found: datetime | None = box_of(connection, box_id).closed_at
    return found
