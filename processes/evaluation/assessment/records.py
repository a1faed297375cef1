"""Tables of the assessment of targets: exemptions, self-assessments, results, draws. Only added."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class Exemption(SQLModel, table=True):
    """What the office says about a unit (target_id None) or a target, and whether D07 exempts it (免检)."""

    __tablename__ = "exemption"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    target_id: str | None = Field(default=None, foreign_key="target.id", max_length=36)
    facts: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    exempt: bool | None = None
    """None for the unit: its diagram asks D07."""
    basis: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)


class SelfAssessment(SQLModel, table=True):
    """A unit's report about its year (自评报告); the newest is the one that was signed."""

    __tablename__ = "self_assessment"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    report: str
    problems: str = ""
    marks: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """target id -> {"achievement": "0.95", "text": "…"}"""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)


class TargetResult(SQLModel, table=True):
    """How far a target was reached, by whom; the newest of a target counts, but for checks."""

    __tablename__ = "target_result"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    target_id: str = Field(foreign_key="target.id", max_length=36)
    way: str = Field(max_length=16)
    """auto | self | lead | group | second, or check: what a random check found, which is no score"""
    achievement: Decimal = Field(sa_type=Exact)
    measure: Decimal = Field(sa_type=Exact)
    weight: Decimal = Field(sa_type=Exact)
    basis: str = ""
    inputs: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    rules: list[Any] = Field(sa_column=Column(Json, nullable=False))
    by_person: str | None = Field(default=None, max_length=36)
    by_unit_id: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class RandomDraw(SQLModel, table=True):
    """随机抽查: who was drawn from whom by which seed, so that anybody can draw it again."""

    __tablename__ = "random_draw"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    seed: str = Field(max_length=64)
    algorithm: str = Field(max_length=64)
    pool: list[Any] = Field(sa_column=Column(Json, nullable=False))
    drawn: list[Any] = Field(sa_column=Column(Json, nullable=False))
    made_at: datetime = Field(sa_type=Instant)
