"""Lists of work, and saved filters, as REST calls send and receive them."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Tab = Literal["mine", "claimable", "done", "started", "copies", "following"]


class WorkItem(BaseModel):
    """A row of 待办 or 待认领."""

    id: str
    title: str
    step: str
    year: int | None
    process: str
    element: str
    instance_id: str
    subject: str
    matter: str
    """What it is about besides the unit (事由); empty where the diagram says nothing."""
    round: int
    sender: str = Field(alias="from")
    returned_from: str | None
    due_on: date | None
    priority: int
    unread: bool
    urged_at: datetime | None
    claim_first: bool
    assignee_id: str | None
    standing_for: str = ""
    created_at: datetime
    received_at: datetime
    """收到：到现在的办理人（岗位）手上的时间；转办、认领、收回等以后与 created_at 不同。"""
    version: int

    model_config = ConfigDict(populate_by_name=True)


class PastWork(BaseModel):
    """Something the person did, started, was sent to read, or follows.

    `steps`: where it waits for people now, for what was started or is followed.
    """

    id: str | None
    instance_id: str
    title: str
    step: str = ""
    verb: str = ""
    outcome: str = ""
    status: str = ""
    steps: list[str] = []
    sender: str = Field(default="", alias="from")
    text: str | None = None
    unread: bool = False
    at: datetime

    model_config = ConfigDict(populate_by_name=True)


class WorkList(BaseModel):
    """A page of a list; `next` and `previous` are cursors for `after` and `before`, null at an end.

    `partial`: a search went through the newest rows down to `next` only.
    """

    items: list[WorkItem] | list[PastWork]
    next: str | None = None
    previous: str | None = None
    partial: bool = False


class Counts(BaseModel):
    """How many there are in 待办 and 待认领, and how many copies are unread; `most` where there are more."""

    mine: int
    claimable: int
    copies: int
    most: int


class SavedFilter(BaseModel):
    """`asked` are the list's parameters; `shared_by` is the name of who shares it with the caller."""

    id: str
    name: str
    tab: Tab
    asked: dict[str, str]
    default: bool
    unit_id: str | None = None
    post: str | None = None
    shared_by: str = ""


class NewFilter(BaseModel):
    """A filter to save; one of the same name is replaced. `unit_id` (and `post`): with whom it is shared."""

    name: str = Field(max_length=100)
    tab: Tab = "mine"
    asked: dict[str, str] = Field(default={}, max_length=20)
    default: bool = False
    unit_id: str | None = Field(default=None, max_length=36)
    post: str | None = Field(default=None, max_length=80)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "逾期的", "tab": "mine", "asked": {"due": "late"}}]},
    )


class Saved(BaseModel):
    """The id of what was saved."""

    id: str
