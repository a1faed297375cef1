"""Accountability as REST calls answer it."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict


class Measure(BaseModel):
    """One thing that follows. `way`: order (the office's) or recommend (`authority` decides)."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    way: str
    measure: str
    basis: str
    authority: str
    state: str
    state_text: str
    reason: str
    letter: str | None
    document_number: str | None
    decided_on: date | None


class Act(BaseModel):
    """One thing that was done."""

    kind: str
    words: str
    text: str
    passed: bool | None
    made_at: datetime


class CaseRow(BaseModel):
    """A unit about which something follows."""

    id: str
    unit_id: str
    unit_name: str
    why: str
    measures: list[str]
    state: str
    state_text: str
    deadline_on: date | None


class Flag(BaseModel):
    """问责线索. `founded` is None until supervision has found anything."""

    id: str
    unit_id: str
    unit_name: str
    kind: str
    kind_name: str
    reason: str
    raised_at: datetime
    founded: bool | None
    violation: str | None
    case_id: str | None


class Year(BaseModel):
    """A year's accountability."""

    cycle_id: str
    cases: list[CaseRow]
    flags: list[Flag]
    started: bool
    may_start: bool


class Case(BaseModel):
    """One case with its measures and everything that was done."""

    id: str
    unit_id: str
    unit_name: str
    year: int
    why: str
    state: str
    order: str
    deadline_on: date | None
    failures: int
    measures: list[Measure]
    acts: list[Act]
