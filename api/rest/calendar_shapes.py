"""The working calendar as REST calls send and receive it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Day(BaseModel):
    """A day that differs from its weekday."""

    on: date
    works: bool
    name: str


class Year(BaseModel):
    """A year: its days that differ from their weekday, and the number of working days of each month."""

    year: int
    known: bool
    days: list[Day]
    working_days: list[int]


class DayChange(BaseModel):
    """What a day is to be; "weekday": what its weekday says."""

    kind: Literal["holiday", "workday", "weekday"]
    name: str = Field(default="", max_length=60)

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"kind": "workday", "name": "防汛临时上班"}}
    )
