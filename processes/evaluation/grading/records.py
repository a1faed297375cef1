"""Tables of grading: sealed snapshots, adjustments by the committee, grades. Rows are only added."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant


class Snapshot(SQLModel, table=True):
    """封存: one calculation of all units with everything it rests on, and its hash.

    `content_text` is JSON (`processes.evaluation.grading.content`); `digest` covers exactly this text.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    number: int
    """From 1 in the cycle, in the order in which they were sealed."""
    purpose: str = Field(max_length=16)
    """calculated: put before the office and the committee | trial: what an appeal would change |
    decided: what grades rest on"""
    reason: str = Field(default="", max_length=300)
    content_text: str = Field(sa_column=Column(Text, nullable=False))
    digest: str = Field(max_length=64)
    algorithm: str = Field(max_length=16)
    """sm3 | sha256"""
    previous_id: str | None = Field(default=None, foreign_key="snapshot.id", max_length=36)
    instance_id: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)


class GradeAdjustment(SQLModel, table=True):
    """等次调整: where the committee decided otherwise than the calculation, and why."""

    __tablename__ = "grade_adjustment"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    snapshot_id: str = Field(foreign_key="snapshot.id", max_length=36)
    decision_id: str = Field(foreign_key="decision_record.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    computed_grade: str = Field(max_length=32)
    grade: str = Field(max_length=32)
    reason: str
    entered_by: str | None = Field(default=None, max_length=36)
    entered_at: datetime = Field(sa_type=Instant)


class Grade(SQLModel, table=True):
    """等次: a unit's result of the year. A re-grading adds a row that names the one it replaces."""

    __tablename__ = "grade"
    __table_args__ = (Index("ix_grade_of_unit", "cycle_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    snapshot_id: str = Field(foreign_key="snapshot.id", max_length=36, index=True)
    unit_group: str = Field(default="", max_length=60)
    total_exact: Decimal = Field(sa_type=Exact)
    total: Decimal = Field(sa_type=Exact)
    rank: int
    """Within the group; equal totals share a rank."""
    zone: str | None = Field(default=None, max_length=32)
    grade: str = Field(max_length=32)
    computed_grade: str = Field(max_length=32)
    """What the decisions gave; another than `grade` where the committee adjusted it."""
    reason: str = ""
    """Why it was adjusted."""
    promoted: bool = False
    vetoed: bool = False
    graded_at: datetime = Field(sa_type=Instant)
    replaces_id: str | None = Field(default=None, foreign_key="grade.id", max_length=36, unique=True)
