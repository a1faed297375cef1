"""Monitoring as REST calls send and receive it. Exact decimals are text; months are `2018-06`."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


def _text(value: Any) -> Any:
    return None if value is None else format(value, "f") if hasattr(value, "as_tuple") else value


class StartMonth(BaseModel):
    """The month to monitor."""

    period: str = Field(description="`2018-06`")

    model_config = ConfigDict(json_schema_extra={"example": {"period": "2018-06"}})


class ProgressLight(BaseModel):
    """进度灯 of one measure: `绿`, `黄`, `红`, or empty while there is nothing to compare."""

    id: str
    target_id: str
    measure: str
    kind: str
    light: str
    reason: str
    planned: str | None
    actual: str | None
    deviation: str | None
    target_version: int
    made_at: datetime
    replaces_id: str | None

    model_config = ConfigDict(from_attributes=True)
    _exact = field_validator("planned", "actual", "deviation", mode="before")(_text)


class BoardUnit(BaseModel):
    """One unit on the board."""

    id: str
    name: str
    how: str
    colours: list[str]
    lights: list[ProgressLight]


class MonitoringBoard(BaseModel):
    """数据看板 of one month; `periods` are the months there are, the newest first."""

    cycle_id: str
    period: str
    periods: list[str]
    units: list[BoardUnit]


class ReportedDatum(BaseModel):
    """A figure as it was reported; `replaced` by a later one."""

    id: str
    value: str | None
    note: str
    source: str
    status: str
    entered_at: datetime
    replaced: bool
    replaces_id: str | None
    evidence: list[str]

    _exact = field_validator("value", mode="before")(_text)


class MonthlyFigure(BaseModel):
    """One measure of a unit's target with everything said of it in the month, the oldest first."""

    key: str
    target: str
    name: str
    unit: str
    annual: str
    data: list[ReportedDatum]
    lights: list[ProgressLight]


class NewCorrection(BaseModel):
    """What a reported figure should read, and why."""

    value: str
    reason: str = Field(max_length=2000)

    model_config = ConfigDict(json_schema_extra={"example": {"value": "27900", "reason": "重复计算一处"}})


class AskedCorrection(BaseModel):
    """The correction that the office now decides."""

    id: str


class Bulletin(BaseModel):
    """A published bulletin."""

    id: str
    period: str
    title: str
    body: str
    document_number: str | None
    public: bool
    made_at: datetime
    rows: list[dict[str, str]]


class ImprovementNotice(BaseModel):
    """A notice for improvement."""

    id: str
    unit_id: str
    unit_name: str
    level: str
    proposed: str
    state: str
    title: str
    document_number: str | None
    failures: int
    talked: bool
    flagged: bool
    due_on: date | None
    opened_at: datetime
    closed_at: datetime | None


class NoticeAct(BaseModel):
    """One thing done about a notice."""

    kind: str
    name: str
    text: str
    passed: bool | None
    made_at: datetime
    evidence: list[str]


class NoticeIssue(BaseModel):
    """One thing that a notice is about."""

    text: str
    source: str
    raised: str


class ImprovementStory(ImprovementNotice):
    """A notice with what it gathers and what was done."""

    body: str
    issues: list[NoticeIssue]
    acts: list[NoticeAct]
