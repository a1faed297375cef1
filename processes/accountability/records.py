"""Tables of accountability: flags, findings, a unit's case, its measures, and what was done about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Instant, Json


class AccountabilityFlag(SQLModel, table=True):
    """问责线索: a reason to look at a unit's responsibility, raised once for its subject; only added."""

    __tablename__ = "accountability_flag"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    kind: str = Field(max_length=32)
    """rectification: the rounds of a key issue failed | notice: improvement failed again | data_fraud"""
    subject_id: str = Field(max_length=36)
    reason: str
    raised_at: datetime = Field(sa_type=Instant)


class FlagFinding(SQLModel, table=True):
    """认定: what supervision found about a flag; the newest counts."""

    __tablename__ = "flag_finding"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    flag_id: str = Field(foreign_key="accountability_flag.id", max_length=36, index=True)
    founded: bool
    violation: str = Field(default="", max_length=16)
    """minor | serious | grave; empty where it is not founded"""
    person: bool = False
    """Somebody is personally responsible."""
    text: str
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class AccountabilityCase(SQLModel, table=True):
    """One unit of one year about which something is to follow: where it stands now."""

    __tablename__ = "accountability_case"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    grade_id: str | None = Field(default=None, foreign_key="grade.id", max_length=36)
    facts: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """What D19 was asked: grade, streak, vetoed, flags …"""
    state: str = Field(default="proposed", max_length=16)
    """proposed | heard | open | dropped | closed"""
    deadline_on: date | None = None
    """By when the unit is ordered to have put things right."""
    document_id: str | None = Field(default=None, foreign_key="document.id", max_length=36)
    """The order."""
    failures: int = 0
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    instance_id: str = Field(max_length=36)


class CaseFlag(SQLModel, table=True):
    """Which flags a case takes up: each once."""

    __tablename__ = "case_flag"

    flag_id: str = Field(foreign_key="accountability_flag.id", primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="accountability_case.id", max_length=36, index=True)


class CaseMeasure(SQLModel, table=True):
    """One thing that D19 says should follow: an order of the office, or a recommendation to a body."""

    __tablename__ = "case_measure"
    __table_args__ = (UniqueConstraint("case_id", "measure"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="accountability_case.id", max_length=36)
    way: str = Field(max_length=16)
    """order | recommend"""
    measure: str = Field(max_length=64)
    basis: str
    authority: str = Field(max_length=64)
    """Who decides it."""
    state: str = Field(default="proposed", max_length=16)
    """proposed | kept | dropped | sent | decided | done | failed"""
    reason: str = ""
    """Why it was dropped."""
    document_id: str | None = Field(default=None, foreign_key="document.id", max_length=36)
    """The letter that recommends it."""
    decision_id: str | None = Field(default=None, foreign_key="decision_record.id", max_length=36)
    decision: str = Field(default="", max_length=16)
    """adopted | changed | declined, as the body decided"""
    proposed_at: datetime = Field(sa_type=Instant)


class CaseAct(SQLModel, table=True):
    """One thing done about a case or one of its measures; only added."""

    __tablename__ = "case_act"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="accountability_case.id", max_length=36, index=True)
    measure_id: str | None = Field(default=None, foreign_key="case_measure.id", max_length=36)
    kind: str = Field(max_length=16)
    """confirmed | silent | accepted | stated | weighed | begun | drafted | ordered | planned | plan_signed |
    plan_passed | reported | signed | checked | lettered | sent | decided | closed | filed"""
    round: int = 1
    text: str = ""
    details: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """What the form said besides, by name."""
    passed: bool | None = None
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
