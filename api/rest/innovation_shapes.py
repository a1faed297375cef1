"""Innovation projects as REST calls send and receive them. Decimals are text."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Project(BaseModel):
    """A project as far as the caller may see it."""

    id: str
    number: str
    title: str
    unit_name: str
    partners: str
    domain: str
    state: str
    instance_id: str | None


class RoundMark(BaseModel):
    """A project's marks in a round: raw and trimmed mean, standard score, each expert's mark."""

    id: str
    rank: str
    project: str
    unit: str
    raw: str
    trimmed: str
    z: str
    bonus: str
    marks: str


class Award(BaseModel):
    """The newest word on what a project gets; `committee`: tied at a cut."""

    project_id: str
    label: str
    rank: int
    award: str | None
    committee: bool
    bonus: str
    stage: str


class Year(BaseModel):
    """A year's projects; `rounds` and `awards` for who may see the whole year."""

    projects: list[Project]
    rounds: dict[int, list[RoundMark]]
    awards: list[Award]
    may_start: bool


class Expert(BaseModel):
    """An expert with fields, names of units with ties, and how many seats they have."""

    user_id: str
    name: str
    fields: list[str]
    units: list[str]
    projects: int


class ExpertChange(BaseModel):
    """What an expert knows and the units (names) to which they have ties; replaces what was there."""

    fields: list[str] = Field(max_length=50)
    units: list[str] = Field(default_factory=list, max_length=200)

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"fields": ["经济建设"], "units": ["市旅委"]}}
    )


class Seat(BaseModel):
    """What an expert may read of a project; `unit_name` is empty in a blind round."""

    round: int
    number: str
    title: str
    topic: str
    unit_name: str
    summary: str
    report: str
    statement: str
    files: int


class UnitTotal(BaseModel):
    """A unit's total without its innovation bonus."""

    unit_id: str = Field(max_length=36)
    score: Decimal


class Totals(BaseModel):
    """The totals of all units that share one quota."""

    totals: list[UnitTotal] = Field(min_length=1, max_length=5000)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"totals": [{"unit_id": "0198b6a0-0000-7000-8000-000000000001", "score": "92.5"}]}
        },
    )


class Place(BaseModel):
    """Where a unit stands once its bonus counts: holder, promoted, tied, none or barred."""

    unit_id: str
    score: str
    bonus: str
    place: str
    advances: bool


class PublishedAward(BaseModel):
    """An award as the public sees it."""

    project_id: str
    number: str
    title: str
    unit: str
    award: str


class PublishedList(BaseModel):
    """The list that is open to objections until the end of `closes_on`."""

    closes_on: date
    awards: list[PublishedAward]


class NewObjection(BaseModel):
    """An objection to one award, under any name or none."""

    project_id: str = Field(max_length=36)
    text: str = Field(min_length=1, max_length=2000)
    name: str = Field(default="", max_length=64)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "project_id": "0198b6a0-0000-7000-8000-000000000002",
                "text": "这项做法早已有之。",
                "name": "一位市民",
            }
        },
    )


class TakenObjection(BaseModel):
    """An objection that was taken."""

    id: str
