"""Changes of targets as REST calls send and receive them. Exact decimals are text."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Change(BaseModel):
    """A challenge (挑战指标申报) or an adjustment (目标调整) of one target."""

    id: str
    kind: Literal["challenge", "adjustment"]
    number: int
    cycle_id: str
    unit_id: str
    unit_name: str
    target_id: str
    label: str
    asker: Literal["unit", "office"]
    state: str
    state_text: str
    running: bool
    text: str
    opened_at: datetime


class Statement(BaseModel):
    """What was asked for, or what statistics found, in words."""

    title: str
    lines: list[str]
    text: str
    files: list[str]
    made_at: datetime


class ChangeAct(BaseModel):
    """What happened."""

    name: str
    text: str
    made_at: datetime


class Story(Change):
    """A change with what was asked for and what happened, oldest first."""

    statements: list[Statement]
    acts: list[ChangeAct]


class Challenge(BaseModel):
    """A challenge that counts in the assessment; `id` is its change."""

    id: str
    unit_name: str
    target: str
    goal: str
    value: str
    is_key: bool


class Year(BaseModel):
    """The changes of a cycle, those under way first, and the challenges that count."""

    cycle_id: str
    items: list[Change]
    challenges: list[Challenge]


class Begun(BaseModel):
    """A change that was begun; the first task is in the inbox of who asked."""

    id: str
    target_id: str


class Withdrawal(BaseModel):
    """Why a change is withdrawn."""

    reason: str = Field(max_length=1000)

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "另行研究后再申请"}})


class Selection(BaseModel):
    """The selection of key challenges that was begun."""

    instance_id: str
