"""Tables of the experts' review: who is an expert of what, who sits over which project, what they gave."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class InnovationExpert(SQLModel, table=True):
    """What an expert (a person on the experts' post) knows about, and which units they declared."""

    __tablename__ = "innovation_expert"

    user_id: str = Field(foreign_key="user_account.id", primary_key=True, max_length=36)
    fields: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Domains of the catalogue: 经济建设, 社会建设 …"""
    units: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Ids of units with which the expert has ties."""
    changed_at: datetime = Field(sa_type=Instant)


class ExpertSeat(SQLModel, table=True):
    """One of the seats over a project in a round; its `attempt`s are the experts who had it, in turn."""

    __tablename__ = "expert_seat"
    __table_args__ = (UniqueConstraint("project_id", "round", "number", "attempt"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    project_id: str = Field(foreign_key="innovation_project.id", max_length=36, index=True)
    round: int
    number: int
    attempt: int = 1
    user_id: str | None = Field(default=None, foreign_key="user_account.id", max_length=36, index=True)
    state: str = Field(default="assigned", max_length=16)
    """assigned | released | scored | conflict | late | changed | vacant"""
    reason: str = ""
    """Which tie the expert declared."""
    assigned_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class ExpertReview(SQLModel, table=True):
    """What one expert gave one project; never changed. `marks` are coefficients 0 to 1 by dimension."""

    __tablename__ = "expert_review"
    __table_args__ = (UniqueConstraint("seat_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    seat_id: str = Field(foreign_key="expert_seat.id", max_length=36)
    project_id: str = Field(foreign_key="innovation_project.id", max_length=36, index=True)
    round: int
    user_id: str = Field(foreign_key="user_account.id", max_length=36)
    marks: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    mark: Decimal = Field(sa_type=Exact)
    """Out of 100, by the decision `expert_mark`."""
    text: str = ""
    scored_at: datetime = Field(sa_type=Instant)


class RoundResult(SQLModel, table=True):
    """A project after a round: the raw mean, the trimmed one, the standard score, and its rank."""

    __tablename__ = "round_result"
    __table_args__ = (UniqueConstraint("project_id", "round"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    project_id: str = Field(foreign_key="innovation_project.id", max_length=36)
    round: int
    experts: int
    raw: Decimal = Field(sa_type=Exact)
    trimmed: Decimal = Field(sa_type=Exact)
    z: Decimal = Field(sa_type=Exact)
    rank: int
    """By the measure that the profile chose, among the projects of the round."""
    bonus: Decimal = Field(sa_type=Exact)
    """创新加分 by the decision `rubric_score`."""
    made_at: datetime = Field(sa_type=Instant)
