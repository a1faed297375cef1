"""Tables of a survey: what is asked about whom, of whom, and what came out. Answers are in the ballot box."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class Survey(SQLModel, table=True):
    """One satisfaction survey (满意度调查) of a cycle."""

    __tablename__ = "survey"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    box_id: str = Field(foreign_key="ballot_box.id", max_length=36, unique=True)
    mode: str = Field(max_length=16)
    """annual: all units, counts for the year | item: one matter of rectification"""
    title: str = Field(max_length=200)
    introduction: str = ""
    question: str = Field(max_length=300)
    levels: list[str] = Field(sa_column=Column(Json, nullable=False))
    """The levels' names, the best first."""
    unknown: str = Field(max_length=32)
    opens_on: date
    closes_on: date
    """The last day."""
    state: str = Field(default="design", max_length=16)
    """design | approved (codes are made) | open | closed | tallied | recorded"""
    missing_sheets: int = 0
    """Codes spent without an answer, found when the box was emptied."""
    instance_id: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Instant)


class SurveyUnit(SQLModel, table=True):
    """A unit that is asked about, and its class (A, B, C) on the questionnaire."""

    __tablename__ = "survey_unit"
    __table_args__ = (UniqueConstraint("survey_id", "unit_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    survey_id: str = Field(foreign_key="survey.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    class_key: str = Field(max_length=8)
    included: bool = True


class SurveyLayer(SQLModel, table=True):
    """A layer of those asked (层): its weight in percent, how they are drawn, how many codes it gets."""

    __tablename__ = "survey_layer"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    survey_id: str = Field(foreign_key="survey.id", max_length=36)
    number: int
    name: str = Field(max_length=100)
    sampling: str = Field(default="", max_length=100)
    weight: Decimal = Field(sa_type=Exact)
    quota: int


class SurveyResult(SQLModel, table=True):
    """What a unit reached, in a layer or (layer 0) in all of them.

    `counts` are the valid answers by level. Of a group too small to be shown they are not stored either.
    """

    __tablename__ = "survey_result"
    __table_args__ = (UniqueConstraint("survey_id", "unit_id", "layer"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    survey_id: str = Field(foreign_key="survey.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    layer: int
    shown: bool
    counts: list[Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    unknown: int | None = None
    rate: Decimal | None = Field(default=None, sa_type=Exact)
    """满意率, percent, two places, half up."""
    score: Decimal | None = Field(default=None, sa_type=Exact)
    """满意度得分 by the levels' marks; of layer 0 weighted by layers; not rounded."""
    passed: bool | None = None
