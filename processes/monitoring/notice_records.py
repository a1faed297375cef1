"""Tables of notices for improvement: what was wanted, the notice that gathers it, what was done about it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Instant, Json


class ImprovementNotice(SQLModel, table=True):
    """绩效改进通知单, 督办函 or 约谈 to one unit: where it stands now. What happened is in `notice_act`."""

    __tablename__ = "improvement_notice"
    __table_args__ = (Index("ix_improvement_notice_of_unit", "cycle_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    proposed: str = Field(default="", max_length=32)
    """What D04 proposed."""
    level: str = Field(default="", max_length=32)
    """绩效改进通知单 | 督办函 | 约谈; empty until the office has confirmed"""
    state: str = Field(default="draft", max_length=16)
    """draft | confirmed | issued | working | failed | closed | dropped"""
    title: str = Field(default="", max_length=300)
    body: str = ""
    document_id: str | None = Field(default=None, foreign_key="document.id", max_length=36)
    failures: int = 0
    talked: bool = False
    """The leaders were talked to (约谈)."""
    flagged: bool = False
    """The office marks it for the year's evaluation: improvement failed twice."""
    due_on: date | None = None
    """By when the unit has promised to be done."""
    instance_id: str = Field(max_length=36)
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class NoticeIssue(SQLModel, table=True):
    """One thing that asks for a notice: a red light, a complaint. Several gather in one notice (归并)."""

    __tablename__ = "notice_issue"
    __table_args__ = (Index("ix_notice_issue_of_unit", "cycle_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    notice_id: str = Field(foreign_key="improvement_notice.id", max_length=36, index=True)
    kind: str = Field(max_length=16)
    """light | opinion | inspection | … : what it came from"""
    source_id: str = Field(max_length=36)
    subject: str = Field(max_length=36)
    """What it is about: a measure, an opinion's topic. The same again is a repetition."""
    text: str
    serious: bool = False
    reporter: str = Field(default="", max_length=64)
    """Who reported it, where people did."""
    raised_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class NoticeAct(SQLModel, table=True):
    """One thing done about a notice; only added."""

    __tablename__ = "notice_act"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    notice_id: str = Field(foreign_key="improvement_notice.id", max_length=36, index=True)
    kind: str = Field(max_length=16)
    """confirmed | dropped | signed | issued | received | measures | carried_out | checked | talked |
    closed"""
    round: int = 1
    text: str = ""
    details: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """What the form said besides, by name."""
    passed: bool | None = None
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
