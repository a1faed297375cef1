"""Tables of feedback: score sheets, appeals and what was done with them, the notice, the ratios."""

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant


class ScoreSheet(SQLModel, table=True):
    """成绩单: a unit is shown its result; it confirms or appeals, once."""

    __tablename__ = "score_sheet"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    grade_id: str = Field(foreign_key="grade.id", max_length=36)
    until_on: date
    """The last day to appeal."""
    instance_id: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    outcome: str = Field(default="", max_length=16)
    """confirm | appeal | silent: the term ran out"""
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class Appeal(SQLModel, table=True):
    """申诉: which component a unit holds to be wrong, what it claims instead, and why."""

    __tablename__ = "appeal"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    sheet_id: str = Field(foreign_key="score_sheet.id", max_length=36)
    score_id: str = Field(foreign_key="score.id", max_length=36)
    """The score that is appealed."""
    component: str = Field(max_length=32)
    claimed: Decimal = Field(sa_type=Exact)
    text: str
    filed_by: str | None = Field(default=None, max_length=36)
    filed_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
    replaces_id: str | None = Field(default=None, foreign_key="appeal.id", max_length=36)
    """The earlier wording that its head returned."""


class AppealAct(SQLModel, table=True):
    """What was done with an appeal, step by step; never changed."""

    __tablename__ = "appeal_act"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    appeal_id: str = Field(foreign_key="appeal.id", max_length=36, index=True)
    kind: str = Field(max_length=16)
    """signed | admitted | reviewed | rechecked | ruled | corrected"""
    outcome: str = Field(default="", max_length=16)
    value: Decimal | None = Field(default=None, sa_type=Exact)
    """The mark that the review or the ruling gives."""
    text: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    decision_id: str | None = Field(default=None, foreign_key="decision_record.id", max_length=36)
    score_id: str | None = Field(default=None, foreign_key="score.id", max_length=36)
    snapshot_id: str | None = Field(default=None, foreign_key="snapshot.id", max_length=36)
    done_at: datetime = Field(sa_type=Instant)


class ResultNotice(SQLModel, table=True):
    """公示: the results lie open until the end of `closes_on`; then they are published."""

    __tablename__ = "result_notice"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    opened_at: datetime = Field(sa_type=Instant)
    closes_on: date
    instance_id: str = Field(max_length=36)
    publication_id: str | None = Field(default=None, foreign_key="publication.id", max_length=36)
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class ResultObjection(SQLModel, table=True):
    """公示意见: what somebody says about the results; only the name they choose is kept."""

    __tablename__ = "result_objection"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    notice_id: str = Field(foreign_key="result_notice.id", max_length=36, index=True)
    unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    name: str = Field(default="", max_length=64)
    text: str
    created_at: datetime = Field(sa_type=Instant)
    answer: str = ""
    adopted: bool | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class CivilRatio(SQLModel, table=True):
    """公务员优秀比例 (D15): what a unit's grade means for next year's share of excellent civil servants."""

    __tablename__ = "civil_ratio"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    grade_id: str = Field(foreign_key="grade.id", max_length=36)
    ratio_pct: Decimal = Field(sa_type=Exact)
    change: Decimal = Field(sa_type=Exact)
    note: str = ""
    instance_id: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=Instant)
