"""Targets as REST calls send and receive them. Exact decimals are text."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Measure(BaseModel):
    """One figure of a target; `awaits` says who still gives it."""

    id: str
    name: str
    unit: str
    comparator: str
    value: str | None
    awaits: str
    milestones: dict[str, str]


class AnyTarget(BaseModel):
    """A unit's yearly target with its figures."""

    id: str
    code: str
    kind: Literal["kpi", "special", "function"]
    title: str
    text: str
    locked: bool
    pending: bool
    scorable: bool
    state: str
    measures: list[Measure]


class Target(AnyTarget):
    """A target that may be given its value."""

    unit_id: str
    cycle_id: str


class WaitingTarget(BaseModel):
    """A target without a value: whose it is, who gives the value, which figures are missing."""

    id: str
    code: str
    title: str
    unit_id: str
    unit: str
    awaits: list[str]
    missing: list[Measure]


class Change(BaseModel):
    """What a version says otherwise than the one before it, in words."""

    what: str
    before: str
    after: str


class TargetVersion(BaseModel):
    """The whole of a target as it was signed or issued; `figures` carry their milestones by month.

    `basis` is the paper or act it rests on, `basis_on` the paper's date.
    """

    number: int
    title: str
    text: str
    weight: str | None
    division: str
    responsible: str
    how: str
    basis: str
    basis_on: date | None
    made_at: datetime
    figures: list[dict[str, Any]]
    changes: list[Change]


class TakenBack(BaseModel):
    """A function indicator that the unit took back; its versions stay."""

    id: str
    title: str
    versions: list[TargetVersion]


class UnitTarget(AnyTarget):
    """A unit's yearly target with its versions, oldest first."""

    versions: list[TargetVersion]


class Assignment(BaseModel):
    """Figures that came from above: measure id to exact decimal text, with the paper they rest on."""

    figures: dict[str, str]
    document: str = Field(max_length=300)

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"figures": {"01a2…": "4500"}, "document": "浙发改〔2018〕12 号"},
        }
    )


class Assigned(BaseModel):
    """An assignment that was taken; its own process applies it."""

    target_id: str
    message_id: str
