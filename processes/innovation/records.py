"""Tables of 创新创优: the topic catalogue, projects with their partners, and what happens to them.

Experts, their seats and their marks are in `review_records`.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class InnovationTopic(SQLModel, table=True):
    """A direction of the year's topic catalogue (选题目录)."""

    __tablename__ = "innovation_topic"
    __table_args__ = (UniqueConstraint("cycle_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    code: str = Field(max_length=16)
    domain: str = Field(max_length=64)
    focus: str = Field(max_length=64)
    direction: str
    chosen: bool = True
    """False: not in this year's catalogue."""
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class InnovationProject(SQLModel, table=True):
    """One unit's project of a year, from its application to its award.

    What experts read are the `blind_` parts: no unit is named in them.
    """

    __tablename__ = "innovation_project"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id"), UniqueConstraint("cycle_id", "number"))

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    number: str = Field(max_length=16)
    """Under which experts know it: CX-01."""
    topic_id: str = Field(foreign_key="innovation_topic.id", max_length=36)
    title: str = Field(max_length=200)
    joint: bool = False
    national: bool = False
    """国家重大试点"""
    support: str = ""
    """上级政策、资金支持"""
    cost: Decimal | None = Field(default=None, sa_type=Exact)
    """万元, as planned"""
    plan: str = ""
    blind_summary: str = ""
    report: str = ""
    blind_report: str = ""
    file_ids: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    blind_file_ids: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    spent: Decimal | None = Field(default=None, sa_type=Exact)
    verified: Decimal | None = Field(default=None, sa_type=Exact)
    """核验得分, given by the office when it checks the closing material."""
    statement: str = ""
    """陈述, for the second round."""
    state: str = Field(default="drafting", max_length=16)
    """drafting | applied | admitted | refused | closed | eliminated | finalist | struck | awarded | passed"""
    remark: str = ""
    """Why it was returned, refused or struck."""
    instance_id: str | None = Field(default=None, max_length=36)
    applied_at: datetime = Field(sa_type=Instant)


class InnovationPartner(SQLModel, table=True):
    """A unit that applies jointly, and what its head said (联合单位会签)."""

    __tablename__ = "innovation_partner"
    __table_args__ = (UniqueConstraint("project_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    project_id: str = Field(foreign_key="innovation_project.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    signed: bool | None = None
    signed_by: str | None = Field(default=None, max_length=36)
    signed_at: datetime | None = Field(default=None, sa_type=Instant)


class InnovationAward(SQLModel, table=True):
    """What a project was given; proposals and the final word are rows, the newest counts."""

    __tablename__ = "innovation_award"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    project_id: str = Field(foreign_key="innovation_project.id", max_length=36, index=True)
    award: str | None = Field(default=None, max_length=64)
    committee: bool = False
    """Tied at the cut: the committee decides."""
    rank: int
    bonus: Decimal = Field(sa_type=Exact)
    stage: str = Field(max_length=16)
    """proposed | decided | approved"""
    instance_id: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)


class AwardPublicity(SQLModel, table=True):
    """The awards lie open to objections until the end of a day (公示)."""

    __tablename__ = "award_publicity"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    opened_at: datetime = Field(sa_type=Instant)
    closes_on: date
    instance_id: str = Field(max_length=36)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class AwardObjection(SQLModel, table=True):
    """异议 to a published award, from the public page or a unit; answered once."""

    __tablename__ = "award_objection"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    publicity_id: str = Field(foreign_key="award_publicity.id", max_length=36, index=True)
    project_id: str = Field(foreign_key="innovation_project.id", max_length=36)
    unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    """The unit that objects; None: somebody of the public."""
    name: str = Field(default="", max_length=64)
    text: str
    made_at: datetime = Field(sa_type=Instant)
    upheld: bool | None = None
    answer: str = ""
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
