"""Casting: the code is spent and the answers are stored, in two transactions, so that none ties them.

Nothing is lost or counted twice when something breaks between them. The code is spent first, with a claim
that only the sheet's secret can repeat: the same sheet sent again is let through to the second step, whose
keys are the same each time, so that rows which are there already stay as they are. Another sheet with the
same code is refused. Who never sends the sheet again has spent the code without an answer; the box counts
one code more than sheets, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from engine.store import Database
from processes.evaluation.ballots.proofs import SHORTEST_SHEET, claim_of, digest_of, key_of
from processes.evaluation.ballots.records import Ballot, BallotBox, BallotWords, SpentCode
from processes.tables import table_of

BOXES = table_of(BallotBox)
BALLOTS = table_of(Ballot)
WORDS = table_of(BallotWords)
SPENT = table_of(SpentCode)


class NotCast(Exception):
    """A sheet was not taken; `code` says why: used, closed, broken."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """What one person hands in: the proof (a code, a leader's turn), the sheet's secret, the answers.

    `marks`: subject → mark. `words`: (unit or None, text).
    """

    box_id: str
    proof: str
    secret: str
    marks: Mapping[str, str]
    layer: int = 0
    words: Sequence[tuple[str | None, str]] = field(default=())


def cast(database: Database, sheet: Sheet) -> None:
    """Spend the proof, then store the answers. Sending the same sheet again changes nothing.

    Raises: NotCast.
    """
    if len(sheet.secret) < SHORTEST_SHEET:
        raise NotCast("broken", "这张答卷不完整，请从头打开问卷再填一次。")
    try:
        with database.write() as connection:
            digest = _spend(connection, sheet)
        with database.write() as connection:
            _store(connection, sheet, digest)
    except SQLAlchemyError:
        # The error would carry the code's digest or the answers into the log.
        raise NotCast("broken", "刚才没有存好，请不要离开本页，再按一次“提交”。") from None


def is_spent(connection: Connection, box: Row[Any], proof: str) -> bool:
    """Whether this proof has been used in the box."""
    digest = digest_of(proof, salt=box.salt)
    return connection.execute(select(SPENT.c.digest).where(SPENT.c.digest == digest)).first() is not None


def box_of(connection: Connection, box_id: str, *, share: bool = False) -> Row[Any]:
    """The box's row; with `share` it cannot be closed before this transaction ends."""
    query = select(BOXES).where(BOXES.c.id == box_id)
    return connection.execute(query.with_for_update(read=True) if share else query).one()


def _spend(connection: Connection, sheet: Sheet) -> str:
    box = _open_box(connection, sheet.box_id)
    digest = digest_of(sheet.proof, salt=box.salt)
    claim = claim_of(sheet.secret, digest=digest)
    _add(connection, SPENT, {"digest": digest, "box_id": sheet.box_id, "claim": claim})
    kept = connection.execute(select(SPENT.c.claim).where(SPENT.c.digest == digest)).scalar_one()
    if kept != claim:
        raise NotCast("used", "这个答题码已经用过了，一个码只能用一次。")
    return digest


def _store(connection: Connection, sheet: Sheet, digest: str) -> None:
    box = _open_box(connection, sheet.box_id)
    for subject, mark in sheet.marks.items():
        row = {
            "key": key_of(sheet.secret, digest=digest, about=subject),
            "box_id": box.id,
            "subject_id": subject,
            "layer": sheet.layer,
            "mark": mark,
        }
        _add(connection, BALLOTS, row)
    for number, (unit_id, text) in enumerate(sheet.words):
        row = {
            "id": key_of(sheet.secret, digest=digest, about=f"words {number}"),
            "cycle_id": box.cycle_id,
            "box_id": box.id,
            "unit_id": unit_id,
            "text": text,
        }
        _add(connection, WORDS, row)


def _open_box(connection: Connection, box_id: str) -> Row[Any]:
    box = box_of(connection, box_id, share=True)
    if box.closed_at is not None:
        raise NotCast("closed", "已经截止，不再接收答卷。谢谢您的关注。")
    return box


def _add(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert, unless a row with this key is there."""
    made: Any = insert(table)
    if connection.dialect.name == "sqlite":
        made = sqlite.insert(table).on_conflict_do_nothing()
    elif connection.dialect.name == "postgresql":
        made = postgresql.insert(table).on_conflict_do_nothing()
    connection.execute(made.values(**row))
