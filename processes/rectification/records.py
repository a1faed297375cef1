"""Tables of the rectification of opinions: what people said, what became of it, and how satisfied they are.

What was said, decided, promised, reported and counted is only added; an issue's row says how far it is.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class Issue(SQLModel, table=True):
    """One matter to be put right (整改事项): one or many opinions, one unit that answers for it."""

    __tablename__ = "rectification_issue"
    __table_args__ = (
        UniqueConstraint("cycle_id", "code"),
        Index("ix_rectification_issue_unit", "cycle_id", "unit_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    code: str = Field(max_length=32)
    """HI13 for a hot issue of the plan, otherwise a number of the year: 2018-0007."""
    batch: str = Field(default="", max_length=64)
    """Under which yearly batch it is handled; empty for one that came by itself."""
    title: str = Field(max_length=200)
    domain: str = Field(default="", max_length=64)
    text: str = ""
    unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    volume: int = 1
    """How many people said so."""
    impact: bool = False
    solvable: bool = False
    """It can be solved, or visibly improved, within the year."""
    years_repeated: int = 1
    solved: bool = False
    hearing_topic: bool = False
    route: str = Field(default="", max_length=16)
    """general | key | tracked | hearing, as D16 says; empty before."""
    state: str = Field(default="draft", max_length=16)
    """draft | dispatched | handling | answered | rectifying | promised | done | closed | flagged | listed"""
    result: str = Field(default="", max_length=16)
    """How it was closed: solved | unrated | settled | satisfied."""
    round: int = 0
    public: bool = False
    """It stands on the open pages."""
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class Opinion(SQLModel, table=True):
    """What somebody said, word for word, and how it came. No address, no device, no name."""

    __tablename__ = "opinion"
    __table_args__ = (Index("ix_opinion_cycle", "cycle_id", "source"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    source: str = Field(max_length=16)
    """public: the open page | survey | observer (观察员) | informant (信息员)"""
    batch: str = Field(default="", max_length=64)
    text: str
    unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    """Whom the person meant; the office decides who handles it."""
    code_digest: str | None = Field(default=None, max_length=64, unique=True)
    """SHA-256 (hex) of the follower's code; None: nobody can be asked."""
    received_at: datetime = Field(sa_type=Instant)


class OpinionContact(SQLModel, table=True):
    """How to reach who said it, if they wished so: kept apart, for the office's eyes only."""

    __tablename__ = "opinion_contact"

    opinion_id: str = Field(foreign_key="opinion.id", primary_key=True, max_length=36)
    name: str = Field(default="", max_length=64)
    contact: str = Field(max_length=100)


class OpinionSorting(SQLModel, table=True):
    """What the office did with an opinion; the newest counts."""

    __tablename__ = "opinion_sorting"
    __table_args__ = (
        Index("ix_opinion_sorting_opinion", "opinion_id"),
        Index("ix_opinion_sorting_issue", "issue_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    opinion_id: str = Field(foreign_key="opinion.id", max_length=36)
    issue_id: str | None = Field(default=None, foreign_key="rectification_issue.id", max_length=36)
    outcome: str = Field(max_length=16)
    """dispatch | merge | decline"""
    public_text: str = ""
    """What the office released of it, without what would betray a person; empty: nothing."""
    reason: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)


class OpinionVerdict(SQLModel, table=True):
    """Who said it says whether it is solved; one word a person and round of handling."""

    __tablename__ = "opinion_verdict"
    __table_args__ = (UniqueConstraint("opinion_id", "round"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    opinion_id: str = Field(foreign_key="opinion.id", max_length=36)
    issue_id: str = Field(foreign_key="rectification_issue.id", max_length=36, index=True)
    round: int
    solved: bool
    text: str = ""
    made_at: datetime = Field(sa_type=Instant)


class IssueAct(SQLModel, table=True):
    """Who was given an issue, sent it back, settled it, and why: the issue's way, only added to."""

    __tablename__ = "issue_act"
    __table_args__ = (Index("ix_issue_act_issue", "issue_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    issue_id: str = Field(foreign_key="rectification_issue.id", max_length=36)
    kind: str = Field(max_length=16)
    """dispatched | accepted | sent_back | ruled | answered | redo | settled | closed | listed | flagged"""
    unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    round: int = 0
    text: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class PromisePlan(SQLModel, table=True):
    """A unit's plan for one round (整改计划): what it promises; the newest counts."""

    __tablename__ = "promise_plan"
    __table_args__ = (Index("ix_promise_plan_issue", "issue_id", "round"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    issue_id: str = Field(foreign_key="rectification_issue.id", max_length=36)
    round: int
    content: str
    steps: str
    leader: str = Field(max_length=64)
    """分管领导"""
    division: str = Field(max_length=100)
    measures: str
    finish_on: date
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class PromiseProgress(SQLModel, table=True):
    """A report on the way, or that it is done (with evidence)."""

    __tablename__ = "promise_progress"
    __table_args__ = (Index("ix_promise_progress_issue", "issue_id", "round"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    issue_id: str = Field(foreign_key="rectification_issue.id", max_length=36)
    round: int
    kind: str = Field(max_length=16)
    """progress | done"""
    text: str
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    """A result is public once the office has checked it; progress at once."""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class IssueSatisfaction(SQLModel, table=True):
    """专项满意度 of those concerned, one a round: the counts, and what D09 made of them."""

    __tablename__ = "issue_satisfaction"
    __table_args__ = (Index("ix_issue_satisfaction_issue", "issue_id", "round"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    issue_id: str = Field(foreign_key="rectification_issue.id", max_length=36)
    round: int
    counts: list[Any] = Field(sa_column=Column(Json, nullable=False))
    """Votes from the most to the least satisfied: [60, 50, 30, 25, 15]."""
    abstained: int = 0
    rate: Decimal | None = Field(default=None, sa_type=Exact)
    """Percent with two places, as published; None before the decision, or without valid votes."""
    score: Decimal | None = Field(default=None, sa_type=Exact)
    reached: bool | None = None
    judged_at: datetime | None = Field(default=None, sa_type=Instant)
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class PromiseComment(SQLModel, table=True):
    """What the public says to a promise; shown once the office has released it."""

    __tablename__ = "promise_comment"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    issue_id: str = Field(foreign_key="rectification_issue.id", max_length=36, index=True)
    round: int
    text: str
    created_at: datetime = Field(sa_type=Instant)
    released: bool | None = None
    screened_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class AssessmentComplaint(SQLModel, table=True):
    """A complaint about the assessment itself (绩效管理投诉): for supervision alone."""

    __tablename__ = "assessment_complaint"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    text: str
    code_digest: str = Field(max_length=64, unique=True)
    received_at: datetime = Field(sa_type=Instant)


class ComplaintReply(SQLModel, table=True):
    """What supervision answers, and what of it the office may read; the newest counts."""

    __tablename__ = "complaint_reply"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    complaint_id: str = Field(foreign_key="assessment_complaint.id", max_length=36, index=True)
    text: str
    released: str = ""
    """Told to the office; empty: nothing."""
    by_person: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=Instant)
