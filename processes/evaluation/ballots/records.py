"""Tables of ballot boxes. What is secret has no instant, no sequence and no way to a code or person."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Instant

APART: dict[str, bool] = {"sqlite_with_rowid": False}
"""On SQLite a row number would say in which order people came."""


class BallotBox(SQLModel, table=True):
    """A box (票箱) that takes answers until it is closed.

    `salt` makes the digests of its codes its own. `scrubbed` says that nothing of the time before the
    closing is left in the database's file.
    """

    __tablename__ = "ballot_box"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    kind: str = Field(max_length=16)
    """survey | leaders"""
    salt: str = Field(max_length=64)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    scrubbed: bool = False


class Ballot(SQLModel, table=True):
    """One answer about one subject: never a whole sheet, whose pattern might tell who wrote it.

    The key is a random UUIDv4; it is exchanged for another one when the box closes.
    """

    __tablename__ = "ballot"
    __table_args__ = (Index("ix_ballot_of_box", "box_id", "subject_id"), APART)

    key: str = Field(primary_key=True, max_length=36)
    box_id: str = Field(max_length=36)
    subject_id: str = Field(max_length=36)
    layer: int = 0
    mark: str = Field(max_length=8)
    """A level's number from 1 (the best), a leader's mark, or `unknown`."""


class BallotWords(SQLModel, table=True):
    """An opinion in words (社会评价意见) from a box, about a unit or about all; apart from every answer."""

    __tablename__ = "survey_opinion"
    __table_args__ = (Index("ix_survey_opinion_of_box", "box_id"), APART)

    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    box_id: str = Field(max_length=36)
    unit_id: str | None = Field(default=None, max_length=36)
    text: str


class IssuedCode(SQLModel, table=True):
    """The digest of a code that was printed, and for which layer."""

    __tablename__ = "issued_code"
    __table_args__ = (Index("ix_issued_code_of_box", "box_id", "layer"), APART)

    digest: str = Field(primary_key=True, max_length=64)
    box_id: str = Field(max_length=36)
    layer: int


class SpentCode(SQLModel, table=True):
    """A code that has been used. `claim` lets the same sheet be sent again; wiped when the box closes."""

    __tablename__ = "spent_code"
    __table_args__ = (Index("ix_spent_code_of_box", "box_id"), APART)

    digest: str = Field(primary_key=True, max_length=64)
    box_id: str = Field(max_length=36)
    claim: str = Field(default="", max_length=64)
