"""What REST calls tell of decompositions."""

from datetime import date

from pydantic import BaseModel


class Carried(BaseModel):
    """A part of a target: who carries it, what, which weight (of 100), until when, and their answer."""

    holder: str
    division_id: str | None
    user_id: str | None
    duty: str
    weight: str
    due_on: date
    verdict: str
    reason: str


class Share(Carried):
    """A division's share with the persons' duties made of it; a person's own duty has none."""

    duties: list[Carried]


class BrokenTarget(BaseModel):
    """A target in force; `state` is open, changed, declined, asked or settled."""

    id: str
    label: str
    requirement: str
    state: str
    version: int
    reason: str
    shares: list[Share]


class MyDuty(Carried):
    """What the caller answers for, and the target it is a part of."""

    year: int
    cycle_id: str
    unit_id: str
    unit: str
    division: str
    target_id: str
    target: str
    requirement: str
    current: bool


class UnitProgress(BaseModel):
    """How far a unit is: numbers of targets by state, of persons, and of duties."""

    id: str
    name: str
    code: str
    targets: int
    broken: int
    settled: int
    declined: int
    changed: int
    people: int
    duties: int
    confirmed: int
    objections: int
    reason: str
