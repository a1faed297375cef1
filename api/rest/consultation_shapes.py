"""Public consultations as REST calls send and receive them."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class PublishedTarget(BaseModel):
    """A target in words: its name, and what the year asks for."""

    label: str
    shown: str


class PublishedUnit(BaseModel):
    """A unit with the targets that are open to comments."""

    id: str
    name: str
    targets: list[PublishedTarget]


class Comment(BaseModel):
    """A comment that the office has answered."""

    id: str
    unit_id: str | None
    name: str
    text: str
    answer: str
    created_at: datetime
    answered_at: datetime


class Consultation(BaseModel):
    """A consultation; `open`: comments are still taken."""

    id: str
    year: int
    open: bool
    opened_at: datetime
    closes_on: date
    units: list[PublishedUnit]
    comments: list[Comment]


class NewComment(BaseModel):
    """A comment, about one unit or all of them, under any name or none."""

    text: str = Field(min_length=1, max_length=4000)
    name: str = Field(default="", max_length=200)
    unit_id: str | None = Field(default=None, max_length=36)

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"text": "游客满意度也应公布。", "name": "一位市民"}}
    )


class TakenComment(BaseModel):
    """A comment that was taken."""

    id: str
