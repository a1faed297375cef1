"""Tables of the ledger: reported figures and the papers behind them. Rows are only added.

A correction, a verification, a lock or a withdrawal is a new datum that names the one it replaces; the newest
that nobody replaces counts.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant


class Datum(SQLModel, table=True):
    """One figure of one measure in one period (数据), and who says so.

    `value` is what has been reached since the year began; None says that there is no figure in this period
    (本期无数据), and `note` says why.
    """

    __tablename__ = "datum"
    __table_args__ = (
        Index("ix_datum_of_unit", "cycle_id", "unit_id", "period"),
        Index("ix_datum_of_measure", "measure", "period"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    """Whom the figure is about."""
    target_id: str = Field(max_length=36)
    measure: str = Field(max_length=64)
    """The key of the measure: its `target_measure.id`."""
    period: str = Field(max_length=8)
    """`2018-06` a month, `2018` the whole year."""
    value: Decimal | None = Field(default=None, sa_type=Exact)
    source: str = Field(max_length=16)
    """self: the unit's own word | bureau: another body's | import: a file"""
    entered_unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    entered_by: str | None = Field(default=None, max_length=36)
    entered_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)
    status: str = Field(default="reported", max_length=16)
    """reported | verified | locked | withdrawn"""
    replaces_id: str | None = Field(default=None, foreign_key="datum.id", max_length=36, unique=True)
    note: str = ""


class Evidence(SQLModel, table=True):
    """A file that proves something (佐证), and what it belongs to."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_of_owner", "owner_kind", "owner_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    owner_kind: str = Field(max_length=32)
    """datum | notice_step | … : the table whose row it proves"""
    owner_id: str = Field(max_length=36)
    file_id: str = Field(max_length=36)
    caption: str = Field(default="", max_length=200)
    added_by: str | None = Field(default=None, max_length=36)
    added_at: datetime = Field(sa_type=Instant)
