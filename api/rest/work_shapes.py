"""Work items, instances and their histories as REST calls send and receive them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.rest.desk_shapes import NextHandlers
from api.rest.form_fields import FormFields


class KeptFile(BaseModel):
    """A file that was stored for a task's form."""

    id: str
    field: str
    address: str


class Outcome(BaseModel):
    """One way to finish a task."""

    key: str
    label: str
    opinion_required: bool
    signature_required: bool = False


class Target(BaseModel):
    """A step to which a task may be sent back."""

    element: str
    name: str


class TaskForm(BaseModel):
    """The form-js form of a task, its stored data and the keys that may not be written."""

    form: dict[str, Any]
    data: dict[str, Any]
    readonly: list[str]


class Signer(BaseModel):
    """One who signs a step. `state`: signed, objected (it does not count), open, waiting (for their turn),
    held (others go first), given (it counts when those after have signed). `kind`: added, before, after, ask.
    """

    id: str
    person: str
    unit: str
    post: str
    state: Literal["signed", "objected", "open", "waiting", "held", "given"]
    kind: str
    weight: str
    outcome: str
    approves: bool
    signed_at: datetime | None
    mine: bool


class Signing(BaseModel):
    """How several people decide a step, and how far it is.

    `leads_to`: for each outcome what this signature would do: passes, fails, waits (for others), stays.
    """

    vote: Literal["all", "any", "ratio", "turn"]
    ratio: str
    reject: Literal["veto", "count", "stay"]
    approvals: int
    rejections: int
    signers: list[Signer]
    leads_to: dict[str, Literal["passes", "fails", "waits", "stays"]]


class Task(BaseModel):
    """One open work item with everything needed to act on it."""

    id: str
    version: int
    title: str
    step: str
    instance_id: str
    process: str
    element: str
    round: int
    due_on: date | None
    returned_from: str | None
    return_reason: str | None
    form: TaskForm | None
    draft: dict[str, Any] | None
    outcomes: list[Outcome]
    verbs: list[str]
    targets: list[Target]
    apart: str
    signing: Signing | None
    next_handlers: list[NextHandlers] = []
    signature: bool = False
    """Whether the step has a place for a signature by hand."""
    purpose: str = ""
    """Why it was given besides the diagram: before, after, ask."""
    waits_for: str = ""
    """Who does something first, before its owner goes on."""
    signs_for: str = ""
    """Who asked or added the reader."""


class Verb(BaseModel):
    """What is sent with a verb. `version` is the item's version as it was read.

    `people`: ids of people, or `<unit id>#<post key>`. `meeting`, `document`, `decided_on`: where a decision
    was made that is entered for others (代录).
    """

    version: int
    outcome: str = Field(default="", max_length=80)
    opinion: str = Field(default="", max_length=8000)
    fields: FormFields = {}
    target: str = Field(default="", max_length=200)
    people: list[str] = Field(default=[], max_length=50)
    straight_back: bool = True
    signature: str = Field(default="", max_length=36)
    next_handlers: dict[str, str] = {}
    meeting: str = Field(default="", max_length=200)
    document: str = Field(default="", max_length=200)
    decided_on: date | None = None

    def as_request(self) -> dict[str, Any]:
        """The fields as the door takes them."""
        return {**self.model_dump(), "people": tuple(self.people)}

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"version": 1, "outcome": "approve", "opinion": "同意。"},
                {"version": 2, "target": "collate_targets", "opinion": "年末应为49", "straight_back": True},
            ]
        },
    )


class Opened(BaseModel):
    """A task that is open because of a verb."""

    id: str
    element: str
    name: str
    unit_id: str | None
    post: str | None
    assignee_id: str | None


class Done(BaseModel):
    """What a verb did."""

    id: str
    instance_id: str
    verb: str
    outcome: str
    opened: list[Opened]
    ended: bool


class Instance(BaseModel):
    """One run of a process."""

    id: str
    title: str
    process: str
    year: int | None
    status: Literal["running", "completed", "terminated", "voided", "withdrawn", "suspended"]
    subject_unit_id: str | None
    subject: str
    parent_id: str | None
    definition_version_id: str
    started_at: datetime
    ended_at: datetime | None
    active: list[str]
    visited: list[str]
    version: int
    """With this in a verb upon the instance, it is refused (409) once the instance has moved on."""


class Event(BaseModel):
    """One thing that was done; never changed. `superseded`: a later round replaced it."""

    id: str
    item_id: str | None
    element: str
    step: str
    round: int
    verb: str
    outcome: str
    person: str
    unit: str | None
    post: str | None
    on_behalf_of: str
    standing_for: str | None = None
    text: str | None
    target: str | None
    happened_at: datetime
    superseded: bool
    signature: str | None = None
    """Where the picture is that it was signed with (手写签名)."""
    chosen: dict[str, str] = {}
    """Whom the doer chose for later steps, by step."""


class StandStill(BaseModel):
    """挂起: why, and whether what the instance has called stands still with it."""

    reason: str = Field(max_length=4000)
    tree: bool = True
    version: int = Field(default=0, ge=0, description="看到的流程版本；不填不核对")

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "等省里的文件"}})


class GoOn(BaseModel):
    """恢复办理: why."""

    reason: str = Field(max_length=4000)
    version: int = Field(default=0, ge=0, description="看到的流程版本；不填不核对")

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "文件已到"}})


class StoodStill(BaseModel):
    """What became of it; `instances` were done at once, those of a very large tree follow soon."""

    id: str
    status: str
    instances: int


class Child(BaseModel):
    """An instance that another one called; `open_items`: how many tasks are open in it."""

    id: str
    title: str
    status: str
    open_items: int


class Attachment(BaseModel):
    """A file of an instance; `address` is where it is downloaded."""

    id: str
    name: str
    size: int
    media_type: str
    element: str
    created_at: datetime
    address: str
