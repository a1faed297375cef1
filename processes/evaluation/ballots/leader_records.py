"""Tables of the leaders' evaluation (领导考评): who may score whom, and what came out. Marks are ballots."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant


class LeaderEvaluation(SQLModel, table=True):
    """One evaluation by the leaders in a cycle."""

    __tablename__ = "leader_evaluation"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    box_id: str = Field(foreign_key="ballot_box.id", max_length=36, unique=True)
    by_duty: bool
    """Each leader scores the units under the own remit only (按分管范围)."""
    full: Decimal = Field(sa_type=Exact)
    """The full mark, five or a hundred."""
    closes_on: date
    state: str = Field(default="design", max_length=16)
    """design | open | closed | counted | recorded"""
    instance_id: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Instant)


class LeaderScope(SQLModel, table=True):
    """A leader may score a unit."""

    __tablename__ = "leader_scope"
    __table_args__ = (UniqueConstraint("evaluation_id", "person_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    evaluation_id: str = Field(foreign_key="leader_evaluation.id", max_length=36)
    person_id: str = Field(foreign_key="user_account.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)


class LeaderResult(SQLModel, table=True):
    """What a unit's leaders said of it together."""

    __tablename__ = "leader_result"
    __table_args__ = (UniqueConstraint("evaluation_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    evaluation_id: str = Field(foreign_key="leader_evaluation.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    eligible: int
    """How many leaders could score it."""
    valid: int
    """How many gave a mark; 不了解 is none."""
    mean: Decimal | None = Field(default=None, sa_type=Exact)
    as_100: Decimal | None = Field(default=None, sa_type=Exact)
    enough: bool
    """Whether the valid marks are as many as the profile asks."""
    confidential: bool
    """One leader alone scores the unit: that cannot be secret, and is shown so (保密，非秘密)."""
