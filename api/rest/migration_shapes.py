"""Moving instances between versions, as REST calls send and receive it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Move(BaseModel):
    """From which version to which; `mapping`: the new id of each element that changes its id."""

    old: int = Field(alias="from", ge=1)
    new: int = Field(alias="to", ge=1)
    mapping: dict[str, str] = {}

    model_config = ConfigDict(
        json_schema_extra={"example": {"from": 1, "to": 2, "mapping": {"fill": "fill_in"}}}
    )


class Obstacle(BaseModel):
    """Why an instance cannot be moved: at which element, which rule, and what to do."""

    element: str
    rule: str
    message: str
    hint: str


class Remark(BaseModel):
    """What changes for an instance."""

    element: str
    message: str


class Checked(BaseModel):
    """What would become of one instance: fits, there (already), over, or refused."""

    instance_id: str
    state: str
    obstacles: list[Obstacle]
    remarks: list[Remark]


class Difference(BaseModel):
    """An element that is not the same in both versions: added, removed, changed (`aspects`: in what)."""

    element: str
    name: str
    what: str
    aspects: list[str]


class Outlook(BaseModel):
    """The check: nothing is changed. `running` instances there are, the oldest were looked into."""

    running: int
    differences: list[Difference]
    suggested: dict[str, str]
    items: list[Checked]


class Settled(BaseModel):
    """What became of one instance: waiting, moved, refused, back, stays, fits; `reason` where there is."""

    instance_id: str
    state: str
    reason: str


class Reason(BaseModel):
    """Why instances stayed where they are: how many, and one of them."""

    reason: str
    count: int
    example: str


class Order(BaseModel):
    """An order and how far it is; `items`: those refused first, at most a hundred.

    One that `only_looks` moves nothing. `reasons` count every instance of the order, the largest first, at
    most a hundred.
    """

    id: str
    process: str
    old: int = Field(serialization_alias="from")
    new: int = Field(serialization_alias="to")
    mapping: dict[str, str]
    ordered_by: str
    ordered_at: datetime
    only_looks: bool
    counts: dict[str, int]
    reasons: list[Reason]
    items: list[Settled]
