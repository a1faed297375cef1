"""Opinions, promises and issues as REST calls send and receive them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CODE = "K7QF-2MXA-9HTR-WB4C"


class NewOpinion(BaseModel):
    """What somebody says; a `complaint` is about the assessment itself and goes to supervision alone."""

    cycle_id: str = Field(max_length=36)
    kind: Literal["opinion", "complaint"] = "opinion"
    text: str = Field(min_length=1, max_length=4000)
    unit_id: str = Field(default="", max_length=36)
    name: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=200)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"cycle_id": "0197a3c0-0000-7000-8000-000000000001", "text": "垃圾房没有人清运。"}
        },
    )


class TakenOpinion(BaseModel):
    """What was taken; the code is shown this once."""

    code: str


class Code(BaseModel):
    """A follower's code."""

    code: str = Field(max_length=64)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"code": CODE}})


class Verdict(BaseModel):
    """Whether it is solved, by who said it."""

    code: str = Field(max_length=64)
    solved: bool
    text: str = Field(default="", max_length=4000)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"code": CODE, "solved": True}})


class FollowedOpinion(BaseModel):
    """What became of it."""

    text: str
    received_at: datetime
    state: str
    complaint: bool
    unit: str
    answer: str
    reason: str
    promise_id: str | None
    may_judge: bool
    judged: bool | None


class NewPromiseComment(BaseModel):
    """What somebody says to a promise."""

    text: str = Field(min_length=1, max_length=4000)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"text": "请公布投放点。"}})


class TakenPromiseComment(BaseModel):
    """A comment that was taken."""

    id: str


class Promise(BaseModel):
    """A public issue; `rate` is the newest round's."""

    id: str
    year: int
    title: str
    unit_name: str
    state: str
    round: int
    rate: Decimal | None
    reached: bool | None


class Plan(BaseModel):
    """What a unit promises for a round."""

    content: str
    steps: str
    leader: str
    division: str
    measures: str
    finish_on: date


class Report(BaseModel):
    """What was done, and when that was said."""

    text: str
    made_at: datetime


class Satisfaction(BaseModel):
    """How satisfied those concerned are: counts from 满意 to 不满意, and the rate with its formula."""

    counts: list[int]
    abstained: int
    rate: Decimal | None
    reached: bool | None
    formula: str


class Round(BaseModel):
    """One round of a key issue."""

    number: int
    plan: Plan | None
    progress: list[Report]
    result: Report | None
    satisfaction: Satisfaction | None


class ReleasedComment(BaseModel):
    """A comment that the office has released."""

    text: str
    answer: str


class PromiseStory(BaseModel):
    """A public issue with its rounds."""

    id: str
    year: int
    title: str
    text: str
    unit_name: str
    state: str
    said: list[str]
    rounds: list[Round]
    comments: list[ReleasedComment]


class Listener(BaseModel):
    """A cycle that takes opinions."""

    cycle_id: str
    name: str
    year: int


class Issue(BaseModel):
    """An issue of a year as the office and its unit see it."""

    id: str
    code: str
    title: str
    unit_id: str | None
    unit_name: str | None
    route: str
    state: str
    result: str
    volume: int
    round: int


class OpinionText(BaseModel):
    """One opinion of a batch."""

    text: str = Field(min_length=1, max_length=4000)
    unit_id: str = Field(default="", max_length=36)


class OpinionsOfBatch(BaseModel):
    """Opinions of a survey, or of observers and informants; all are taken, or none."""

    source: Literal["survey", "observer", "informant"]
    batch: str = Field(default="", max_length=64)
    opinions: list[OpinionText] = Field(min_length=1, max_length=1000)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"source": "survey", "batch": "annual", "opinions": [{"text": "公交站牌看不清。"}]}
        },
    )


class TakenOpinions(BaseModel):
    """How many were taken."""

    taken: int
