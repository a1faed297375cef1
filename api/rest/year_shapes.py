"""The year as a timeline, as REST calls send and receive it."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from api.rest.shapes import Cycle


class YearMonth(BaseModel):
    """One month of monitoring. `state`: planned, running, done, or skipped."""

    model_config = ConfigDict(from_attributes=True)

    period: str
    opens_on: date
    state: str
    instance_id: str | None
    ended_at: datetime | None


class YearStage(BaseModel):
    """One stage: planned and real dates, what it waits for, how much of it is open and late.

    `state`: absent (the scheme has none), planned, waiting (for `waits_for`), running, done.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    process: str | None
    state: str
    planned_from: date | None
    planned_until: date | None
    began_at: datetime | None
    ended_at: datetime | None
    instance_id: str | None
    by_hand: bool
    waits_for: list[str]
    overdue: bool
    open: int
    late: int
    months: list[YearMonth]


class YearLine(BaseModel):
    """A cycle's year. `instance_id` is that of 年度总流程, null before it begins."""

    cycle: Cycle
    instance_id: str | None
    confirmed: bool
    may_begin: bool
    stages: list[YearStage]


class Freezing(BaseModel):
    """冻结年度: a reason, and `sure` as true: it cannot be taken back."""

    reason: str = Field(max_length=300)
    sure: bool

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "数据即将锁定", "sure": True}})


class Renewing(BaseModel):
    """换用方案的新状态: a reason."""

    reason: str = Field(max_length=300)

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "权重按会议决定修改"}})
