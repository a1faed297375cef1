"""Replays, as REST calls send and receive them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Replay(BaseModel):
    """On what to replay: a deployed version (`to`), or `files` that need not be deployed.

    `mapping`: the new id of each element that changes its id; `cycle_id`: only the instances of this year.
    """

    to: int | None = Field(default=None, ge=1)
    files: dict[str, str] = {}
    mapping: dict[str, str] = {}
    cycle_id: str = ""

    model_config = ConfigDict(json_schema_extra={"example": {"to": 2, "mapping": {"fill": "fill_in"}}})


class Reason(BaseModel):
    """Where and why the ways part: how many instances, and one of them."""

    state: str
    reason: str
    count: int
    example: str


class Change(BaseModel):
    """A step of which the new version asks somebody else (`who`), by another date (`due`), or that fires at
    another time (`timer`): how many instances, and what it is in one of them.
    """

    name: str
    kind: str
    count: int
    example: str
    old: str
    new: str


class Parted(BaseModel):
    """An instance that would not go the same way; `seen`: the data that decided it, for who may see it."""

    instance_id: str
    subject: str
    matter: str
    status: str
    version: int
    state: str
    reason: str
    seen: list[str]


class Order(BaseModel):
    """A replay and how far it is. `counts`: waiting, same, other, cannot, incomplete; `items`: at most a
    hundred that would not go the same way.
    """

    id: str
    process: str
    label: str
    mapping: dict[str, str]
    ordered_by: str
    ordered_at: datetime
    counts: dict[str, int]
    reasons: list[Reason]
    changes: list[Change]
    items: list[Parted]
