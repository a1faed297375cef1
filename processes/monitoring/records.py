"""Tables of monitoring: what was reported in a month, its lights, cards, bulletins and requested corrections.

Rows are only added (a correction is answered once): what takes another's place names it in `replaces_id`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class MonthlyReport(SQLModel, table=True):
    """A unit has reported a month (报送), or the month was closed without it."""

    __tablename__ = "monthly_report"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "period"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    period: str = Field(max_length=8)
    due_on: date
    late_days: int = 0
    """Working days after the deadline; 0 when in time."""
    reported: bool = True
    """False: nothing came, the month was closed."""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class ProgressLight(SQLModel, table=True):
    """进度灯: what D03 said of one measure in one month."""

    __tablename__ = "progress_light"
    __table_args__ = (Index("ix_progress_light_of_unit", "cycle_id", "period", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    target_id: str = Field(max_length=36)
    measure: str = Field(max_length=64)
    period: str = Field(max_length=8)
    datum_id: str | None = Field(default=None, foreign_key="datum.id", max_length=36)
    kind: str = Field(default="", max_length=16)
    """count | rate | yearly: how the figure was compared"""
    target_value: Decimal | None = Field(default=None, sa_type=Exact)
    target_version: int = 0
    """The version of the target whose figure and milestones were compared; 0 when it has none."""
    planned: Decimal | None = Field(default=None, sa_type=Exact)
    actual: Decimal | None = Field(default=None, sa_type=Exact)
    deviation: Decimal | None = Field(default=None, sa_type=Exact)
    """Percent, rounded as the decision says."""
    light: str = Field(default="", max_length=4)
    """绿 | 黄 | 红, or empty: nothing to compare yet"""
    reason: str = Field(default="", max_length=200)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
    replaces_id: str | None = Field(default=None, foreign_key="progress_light.id", max_length=36, unique=True)


class LightExplanation(SQLModel, table=True):
    """说明: why a unit is behind, and what it does about it."""

    __tablename__ = "light_explanation"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    light_id: str = Field(foreign_key="progress_light.id", max_length=36, index=True)
    text: str
    remedy: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class LateCard(SQLModel, table=True):
    """黄牌, 红牌: an act of the office towards a unit that reports late."""

    __tablename__ = "late_card"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "period", "colour"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    period: str = Field(max_length=8)
    colour: str = Field(max_length=8)
    """黄牌 | 红牌"""
    due_on: date
    given_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class PerformanceCard(SQLModel, table=True):
    """绩效卡: one unit's month in figures; a correction makes the next one."""

    __tablename__ = "performance_card"
    __table_args__ = (Index("ix_performance_card_of_period", "cycle_id", "period", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    period: str = Field(max_length=8)
    green: int = 0
    yellow: int = 0
    red: int = 0
    blank: int = 0
    """Measures without a light: nothing to compare yet."""
    late_days: int = 0
    reported: bool = True
    card: str = Field(default="", max_length=8)
    """黄牌 | 红牌 | empty"""
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
    replaces_id: str | None = Field(
        default=None, foreign_key="performance_card.id", max_length=36, unique=True
    )


class Bulletin(SQLModel, table=True):
    """月度通报: each state of its text, from the draft to what was published."""

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("cycle_id", "period", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    period: str = Field(max_length=8)
    number: int
    stage: str = Field(max_length=16)
    """draft | reviewed | returned | signed | published"""
    title: str = Field(max_length=300)
    body: str
    rows: list[dict[str, Any]] = Field(sa_column=Column(Json, nullable=False))
    """The units' figures as they stood: `[{"unit", "green", "yellow", "red", "blank", "card", …}]`."""
    document_id: str | None = Field(default=None, foreign_key="document.id", max_length=36)
    public: bool = False
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class Correction(SQLModel, table=True):
    """更正: somebody says that a reported figure is wrong; the office answers once."""

    __tablename__ = "datum_correction"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    datum_id: str = Field(foreign_key="datum.id", max_length=36, index=True)
    value: Decimal | None = Field(default=None, sa_type=Exact)
    reason: str
    by_person: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    accepted: bool | None = None
    answer: str = ""
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    new_datum_id: str | None = Field(default=None, max_length=36)
