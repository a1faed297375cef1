"""Tables of the decomposition: who carries which part of a target, what they said to it. Only added to."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant


class Decomposition(SQLModel, table=True):
    """One thing broken down once: a target into shares, or a division's share into persons' duties.

    `scope_id` is what is broken down: the target, or the share (its `origin_id`). The newest number of a
    scope counts; what stood before stays to be read.
    """

    __tablename__ = "decomposition"
    __table_args__ = (
        UniqueConstraint("scope_id", "number"),
        Index("ix_decomposition_unit", "cycle_id", "unit_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    target_id: str = Field(foreign_key="target.id", max_length=36, index=True)
    version_number: int = 0
    """The target's version that was broken down."""
    scope_id: str = Field(max_length=36)
    number: int
    run_id: str = Field(max_length=36, index=True)
    """The instance in which the unit broke its targets down."""
    basis: str = Field(max_length=16)
    """made | revised (after an objection) | ruled (by the unit's head) | declined (not needed)"""
    reason: str = ""
    """Why it was revised so, or not needed."""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class DecompositionPart(SQLModel, table=True):
    """A division's share (分解到处室) or a person's duty (个人责任) in a decomposition.

    A part that the next decomposition of the same scope leaves as it was keeps its `origin_id`, and with
    it the answer that was given to it and what was made of it below.
    """

    __tablename__ = "decomposition_part"
    __table_args__ = (Index("ix_decomposition_part_person", "user_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    decomposition_id: str = Field(foreign_key="decomposition.id", max_length=36, index=True)
    origin_id: str = Field(max_length=36, index=True)
    position: int = 0
    division_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    user_id: str | None = Field(default=None, foreign_key="user_account.id", max_length=36)
    holder: str = Field(max_length=100)
    """The division or person, by name, as it was then."""
    duty: str
    weight: Decimal = Field(sa_type=Exact)
    """Points of 100 of what is broken down."""
    due_on: date


class DecompositionAnswer(SQLModel, table=True):
    """What the one who carries a part said to it, once."""

    __tablename__ = "decomposition_answer"
    __table_args__ = (UniqueConstraint("origin_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    origin_id: str = Field(max_length=36)
    verdict: str = Field(max_length=16)
    """accepted | own (gave it to themselves) | objected | silent (the term passed) | ruled (by the head)"""
    reason: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    answered_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
