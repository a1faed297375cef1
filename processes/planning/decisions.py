"""Tables of what others say about the plans: joint review, the public, the deciding bodies."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Instant


class ReviewRemark(SQLModel, table=True):
    """What 财政, 法制办 or 发改委 said about one unit's targets in the joint review."""

    __tablename__ = "review_remark"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    body: str = Field(max_length=64)
    """The reviewing body, by name."""
    round: int
    text: str
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
    forwarded_at: datetime | None = Field(default=None, sa_type=Instant)


class Consultation(SQLModel, table=True):
    """公示征求意见: the targets lie open to the public until the end of `closes_on`."""

    __tablename__ = "consultation"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    opened_at: datetime = Field(sa_type=Instant)
    closes_on: date
    state: str = Field(default="open", max_length=16)
    """open | closed"""
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    instance_id: str = Field(max_length=36)


class ConsultationComment(SQLModel, table=True):
    """One comment from the open page; the name is the writer's choice, nothing else is kept.

    What was said stays; the answer is given once. The target may be taken back by its unit later, so its
    title is kept here and `target_id` is no foreign key.
    """

    __tablename__ = "consultation_comment"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    consultation_id: str = Field(foreign_key="consultation.id", max_length=36, index=True)
    unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    target_id: str | None = Field(default=None, max_length=36)
    target_title: str = Field(default="", max_length=200)
    name: str = Field(default="", max_length=64)
    text: str
    created_at: datetime = Field(sa_type=Instant)
    answer: str = ""
    adopted: bool | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class DecisionRecord(SQLModel, table=True):
    """A decision of a body that meets outside the system, entered by the office (代录)."""

    __tablename__ = "decision_record"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    body: str = Field(max_length=64)
    meeting: str = Field(max_length=200)
    decided_on: date
    document_number: str = Field(default="", max_length=64)
    minutes_file_id: str | None = Field(default=None, max_length=36)
    entered_by: str | None = Field(default=None, max_length=36)
    entered_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class DecisionResult(SQLModel, table=True):
    """What was decided about one unit."""

    __tablename__ = "decision_result"
    __table_args__ = (UniqueConstraint("decision_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    decision_id: str = Field(foreign_key="decision_record.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    passed: bool
    remark: str = ""
