"""Tables of a cycle: who assesses, which year, by which profile, with which papers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class ProfileVersion(SQLModel, table=True):
    """One state of a city's scheme (`processes/profiles/*.yaml`); never changed once stored."""

    __tablename__ = "profile_version"
    __table_args__ = (UniqueConstraint("key", "number"), UniqueConstraint("key", "digest"))

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    key: str = Field(max_length=64)
    number: int
    title: str = Field(max_length=200)
    content: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    digest: str = Field(max_length=64)
    """SHA-256 (hex) of the file."""


class Cycle(SQLModel, table=True):
    """One assessor's year (考评周期).

    `calendar` holds the year's dates by name: `{"plan_report_due": {"on": "2018-03-09",
    "label": "报送截止", "assumption": true}}`.
    """

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("assessor_id", "year", "run_mode"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    assessor_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    profile_version_id: str = Field(foreign_key="profile_version.id", max_length=36)
    profile: str = Field(max_length=64)
    year: int
    run_mode: str = Field(default="formal", max_length=16)
    """formal | simulation | dual"""
    state: str = Field(default="planning", max_length=16)
    """planning | running | frozen | closed"""
    calendar: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    created_at: datetime = Field(sa_type=Instant)


class Indicator(SQLModel, table=True):
    """An indicator as it stands above all years: its measure, not a year's value.

    A KPI with several measures (KPI24) has one indicator a measure: `KPI24.1`, `KPI24.2`.
    """

    __tablename__ = "indicator"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(max_length=32, unique=True)
    target_code: str = Field(max_length=32, index=True)
    position: int = 1
    name: str = Field(max_length=200)
    unit: str = Field(default="", max_length=32)
    direction: str = Field(max_length=8)
    """up: more is better | down: less is better"""
    comparator: str = Field(default=">=", max_length=4)
    kind: str = Field(max_length=32)
    """growth | absolute | increment | standard | rank | assigned"""
    domain: str = Field(default="", max_length=64)
    goal_text: str = ""
    goal: Decimal | None = Field(default=None, sa_type=Exact)


class Document(SQLModel, table=True):
    """A paper that left the office (公文), with its number in a series."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    kind: str = Field(max_length=32)
    number: str = Field(max_length=64)
    """文号"""
    title: str = Field(max_length=300)
    issued_on: date
    body: str = ""
    instance_id: str | None = Field(default=None, max_length=36)


class DocumentSeries(SQLModel, table=True):
    """The last number given, per assessor, year and kind of paper."""

    __tablename__ = "document_series"
    __table_args__ = (UniqueConstraint("assessor_id", "year", "kind"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    assessor_id: str = Field(foreign_key="unit.id", max_length=36)
    year: int
    kind: str = Field(max_length=32)
    prefix: str = Field(max_length=64)
    last: int = 0


class Publication(SQLModel, table=True):
    """Something made public: what, when, and the paper behind it."""

    __tablename__ = "publication"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    kind: str = Field(max_length=32)
    """consultation | targets"""
    title: str = Field(max_length=300)
    body: str = ""
    document_id: str | None = Field(default=None, foreign_key="document.id", max_length=36)
    instance_id: str | None = Field(default=None, max_length=36)
    published_at: datetime = Field(sa_type=Instant)


class YearAct(SQLModel, table=True):
    """What the office did with a whole year, and why; rows are only added."""

    __tablename__ = "year_act"
    __table_args__ = (Index("ix_year_act_of_cycle", "cycle_id", "kind"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    kind: str = Field(max_length=32)
    """frozen | weights_changed"""
    reason: str
    person_id: str = Field(max_length=36)
    person_name: str = Field(max_length=100)
    done_at: datetime = Field(sa_type=Instant)
