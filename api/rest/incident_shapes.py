"""What REST says of incidents (异常), and takes for mending them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "text", "number", "boolean", "date", "time", "date and time", "duration", "list", "context", "null"
]


class Incident(BaseModel):
    """What has stopped and waits for somebody; `same` is how many have the same cause."""

    id: str
    instance_id: str | None
    element: str
    step: str
    subject: str
    kind: str
    code: str
    sentence: str
    message: str
    attempts: int
    same: int
    raised_at: datetime


class TypedValue(BaseModel):
    """One variable as text: digits, `true`, `2018-05-20`; lists and contexts as FEEL."""

    name: str = Field(pattern=r"^[A-Za-z_]\w*$", max_length=200)
    kind: Kind
    value: str = Field(default="", max_length=100_000)

    model_config = ConfigDict(extra="forbid")


class SeenVariable(BaseModel):
    """A variable that the stopped step sees; a locked one cannot be corrected."""

    name: str
    kind: str
    value: str
    locked: bool


class Way(BaseModel):
    """A flow to choose when a gateway is skipped."""

    flow: str
    name: str
    condition: str
    target: str


class Place(BaseModel):
    """Where the token may be moved, and what that would close."""

    target: str
    name: str
    forward: bool
    effect: str


class IncidentStory(BaseModel):
    """One incident, with what each act would do before it is done."""

    id: str
    version: int
    instance_id: str | None
    element: str
    step: str
    kind: str
    code: str
    sentence: str
    message: str
    detail: str
    attempts: int
    raised_at: datetime
    variables: list[SeenVariable]
    withheld: int
    """How many variables the caller must not see: the steps hide their fields."""
    retry: str
    skip: str
    outputs: list[str]
    ways: list[Way]
    places: list[Place]
    same: list[str]


class MendIncident(BaseModel):
    """What to do with it. `version` may be left out for a retry only; the other acts need `reason`."""

    version: int | None = None
    reason: str = Field(default="", max_length=4000)
    changes: list[TypedValue] = Field(default=[], max_length=200)
    outputs: list[TypedValue] = Field(default=[], max_length=200)
    flow: str = Field(default="", max_length=200)
    target: str = Field(default="", max_length=200)
    then_retry: bool = False

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"version": 3, "reason": "上级接口已恢复", "then_retry": True}},
    )


class MendedIncident(BaseModel):
    """What came of it: still `open` with `message`, or gone; `opened` tasks are new."""

    id: str
    instance_id: str | None
    open: bool
    message: str
    opened: int
    ended: bool


class MendedTogether(BaseModel):
    """重试 of one cause: how many went on, how many are still stopped."""

    gone_on: int
    stopped: int
