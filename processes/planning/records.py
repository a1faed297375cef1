"""Tables of planning: a unit's plan in a cycle, its targets, their measures, milestones and versions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class UnitPlan(SQLModel, table=True):
    """How far one unit's targets have come in one cycle."""

    __tablename__ = "unit_plan"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    graded: bool = True
    """False for supporting bodies: they plan and are monitored, never graded."""
    round: int = 1
    state: str = Field(default="drafting", max_length=16)
    """drafting | reported | passed | returned | endorsed | refused | approved | issued, or left_out: the
    unit does not exist on the planning day."""
    remark: str = ""
    """Why it was returned or refused last."""
    reported_at: datetime | None = Field(default=None, sa_type=Instant)
    passed_at: datetime | None = Field(default=None, sa_type=Instant)


class Target(SQLModel, table=True):
    """A unit's yearly target (年度目标).

    Assigned ones (`kpi`, `special`) are locked: the unit adds how, by whom and when, and may object.
    `pending` marks a placeholder (…下达指标) whose value comes later; until then it cannot be scored.
    """

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    parent_id: str | None = Field(default=None, foreign_key="target.id", max_length=36)
    code: str = Field(max_length=32)
    kind: str = Field(max_length=16)
    """kpi | special | function (职能指标)"""
    position: int = 0
    domain: str = Field(default="", max_length=64)
    title: str = Field(max_length=200)
    text: str = ""
    """The year's target in words, as assigned or as the unit wrote it."""
    source: str = Field(default="", max_length=200)
    locked: bool = False
    pending: bool = False
    scorable: bool = True
    weight: Decimal | None = Field(default=None, sa_type=Exact)
    """Points of 100 among the unit's function indicators; None when the city gives no weights."""
    state: str = Field(default="draft", max_length=16)
    """draft | issued"""
    division_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    """The division (责任处室) that answers for it; None: the liaison fills it in."""
    responsible: str = Field(default="", max_length=64)
    """The person in charge (具体责任人), by name."""
    measures: str = ""
    """How it will be reached (举措)."""
    filled_by: str | None = Field(default=None, foreign_key="user_account.id", max_length=36)
    """Who filled it in for the division last; None until somebody has."""
    filled_at: datetime | None = Field(default=None, sa_type=Instant)


class TargetMeasure(SQLModel, table=True):
    """One figure of a target: KPI24 has two, 入境游人数 and 旅游外汇收入."""

    __tablename__ = "target_measure"
    __table_args__ = (UniqueConstraint("target_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    target_id: str = Field(foreign_key="target.id", max_length=36)
    indicator_id: str | None = Field(default=None, foreign_key="indicator.id", max_length=36)
    position: int
    name: str = Field(max_length=200)
    unit: str = Field(default="", max_length=32)
    direction: str = Field(default="up", max_length=8)
    comparator: str = Field(default=">=", max_length=4)
    kind: str = Field(default="absolute", max_length=32)
    value: Decimal | None = Field(default=None, sa_type=Exact)
    awaits: str = Field(default="", max_length=16)
    """Who still gives the value: city | province | office; empty when it is there."""


class TargetVersion(SQLModel, table=True):
    """The whole of a target as it was signed or issued once; the database refuses to change it.

    It stands for itself: a function indicator that its unit takes back leaves its versions behind,
    so `target_id` is no foreign key, and unit, code and title are repeated here.
    """

    __tablename__ = "target_version"
    __table_args__ = (UniqueConstraint("target_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    target_id: str = Field(max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    number: int
    code: str = Field(max_length=32)
    kind: str = Field(max_length=16)
    title: str = Field(max_length=200)
    text: str = ""
    figures: list[dict[str, Any]] = Field(sa_column=Column(Json, nullable=False))
    """`[{"measure", "name", "unit", "comparator", "value": "4" | null, "awaits", "milestones": {"6": "2"}}]`,
    numbers as exact text, milestones by month."""
    weight: Decimal | None = Field(default=None, sa_type=Exact)
    division: str = Field(default="", max_length=100)
    """The responsible division (责任处室), by name."""
    responsible: str = Field(default="", max_length=64)
    measures: str = ""
    basis: str = Field(default="", max_length=300)
    """The paper or act it rests on: a document's number, 主要负责人签发, 异议核定."""
    basis_on: date | None = None
    """The date of that paper, where it has one."""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class Milestone(SQLModel, table=True):
    """What a measure shall read at the end of a month (节点)."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("measure_id", "month"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    measure_id: str = Field(foreign_key="target_measure.id", max_length=36)
    month: int
    value: Decimal = Field(sa_type=Exact)


class TargetAssignment(SQLModel, table=True):
    """A value that came from above during the year (下达指标): stored first, applied by its process."""

    __tablename__ = "target_assignment"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    target_id: str = Field(foreign_key="target.id", max_length=36, index=True)
    figures: dict[str, str] = Field(sa_column=Column(Json, nullable=False))
    """measure id -> exact text"""
    document: str = Field(max_length=300)
    by_person: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    applied_at: datetime | None = Field(default=None, sa_type=Instant)
    version_number: int | None = None


class Objection(SQLModel, table=True):
    """A unit says that an assigned figure is wrong; the office answers."""

    __tablename__ = "objection"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    target_id: str = Field(foreign_key="target.id", max_length=36, index=True)
    round: int
    text: str
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    answer: str = ""
    accepted: bool | None = None
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
