"""What REST calls send and receive. Decimals are strings, dates ISO 8601, identifiers UUIDv7."""

from datetime import date, datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Row = TypeVar("Row")


class Listed(BaseModel, Generic[Row]):
    """A page of a list; `next` is the cursor of the following page, null at the end."""

    items: list[Row]
    next: str | None = None


class Problem(BaseModel):
    """RFC 9457 problem with a stable `code`; `errors` where fields are wrong, `hint` what can be done."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    errors: list["FieldProblem"] = []
    hint: str = ""
    request_id: str = ""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "此任务已由张玲办理完毕， 不能重复办理。",
                "status": 409,
                "code": "closed",
            }
        }
    )


class FieldProblem(BaseModel):
    """One wrong field, by its path such as `targets.3.value`."""

    field: str
    code: str
    message: str


class Count(BaseModel):
    """How many there are."""

    count: int


class Notice(BaseModel):
    """One notice as a sentence, with the task or instance it is about."""

    id: str
    kind: str
    sentence: str
    item_id: str | None
    instance_id: str | None
    at: datetime
    unread: bool


class Cycle(BaseModel):
    """One year of an assessor."""

    id: str
    year: int
    profile: str
    run_mode: str
    state: str


class NewYear(BaseModel):
    """The year to be opened: the one after the last."""

    year: int = Field(ge=2000, le=2100)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"year": 2019}})


class StartProcess(BaseModel):
    """A process to be started for a cycle, by its key."""

    process: str = Field(min_length=1, max_length=200)

    model_config = ConfigDict(json_schema_extra={"example": {"process": "plan_setting"}})


class StartedProcess(BaseModel):
    """The instance that was started."""

    instance_id: str


class Seat(BaseModel):
    """A post that the caller holds."""

    unit_id: str
    home_id: str
    post: str
    cycle_id: str | None


class Me(BaseModel):
    """The caller."""

    id: str
    login: str
    name: str
    seats: list[Seat]
    acts: list[str]
    today: date


class Token(BaseModel):
    """A token of the caller; its secret is not stored."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NewToken(BaseModel):
    """What a new token is for, and for how many days."""

    name: str = Field(min_length=1, max_length=100)
    days: int = Field(ge=1, le=366)

    model_config = ConfigDict(json_schema_extra={"example": {"name": "日报", "days": 30}})


class MadeToken(BaseModel):
    """The secret, told this once."""

    token: str


class Session(BaseModel):
    """A log-in that still lasts; `current` is the one that asks."""

    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    current: bool


class NewPassword(BaseModel):
    """The password now, and the one to be."""

    current: str = Field(max_length=1000)
    new: str = Field(max_length=1000)

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"current": "一次性密码", "new": "一句记得住的话 2018"}}
    )
