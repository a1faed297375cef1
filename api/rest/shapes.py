"""What REST calls send and receive. Decimals are strings, dates ISO 8601, identifiers UUIDv7."""

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Row = TypeVar("Row")


class Listed(BaseModel, Generic[Row]):
    """A page of a list; `next` is the cursor of the following page, null at the end."""

    items: list[Row]
    next: str | None = None


class Problem(BaseModel):
    """RFC 9457 problem with a stable `code`; `errors` where fields are wrong."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    errors: list["FieldProblem"] = []
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


class WorkItem(BaseModel):
    """A row of the inbox."""

    id: str
    title: str
    step: str
    year: int | None
    process: str
    element: str
    instance_id: str
    subject: str
    round: int
    sender: str = Field(alias="from")
    returned_from: str | None
    due_on: date | None
    priority: int
    claim_first: bool
    assignee_id: str | None
    created_at: datetime
    version: int

    model_config = ConfigDict(populate_by_name=True)


class PastWork(BaseModel):
    """Something the person did, or an instance that the person started."""

    id: str | None
    instance_id: str
    title: str
    step: str = ""
    verb: str = ""
    outcome: str = ""
    status: str = ""
    at: datetime


class Outcome(BaseModel):
    """One way to finish a task."""

    key: str
    label: str
    opinion_required: bool


class Target(BaseModel):
    """A step to which a task may be sent back."""

    element: str
    name: str


class TaskForm(BaseModel):
    """The form-js form of a task, its stored data and the keys that may not be written."""

    form: dict[str, Any]
    data: dict[str, Any]
    readonly: list[str]


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


class Verb(BaseModel):
    """What is sent with a verb. `version` is the item's version as it was read."""

    version: int
    outcome: str = Field(default="", max_length=80)
    opinion: str = Field(default="", max_length=8000)
    fields: dict[str, Any] = {}
    target: str = Field(default="", max_length=200)
    straight_back: bool = True

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
    status: Literal["running", "completed", "terminated", "withdrawn", "suspended"]
    subject_unit_id: str | None
    subject: str
    parent_id: str | None
    definition_version_id: str
    started_at: datetime
    ended_at: datetime | None
    active: list[str]
    visited: list[str]


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
    text: str | None
    target: str | None
    happened_at: datetime
    superseded: bool


class Process(BaseModel):
    """A deployed process, by its newest version."""

    key: str
    name: str
    version: int
    file: str
    deployed_at: datetime


class ProcessVersion(BaseModel):
    """One version with its diagram (BPMN 2.0 XML)."""

    id: str
    key: str
    name: str
    version: int
    file: str
    digest: str
    xml: str


class Files(BaseModel):
    """Diagrams, decisions and forms by file name, as text."""

    files: dict[str, str]
    note: str = Field(default="", max_length=200)

    model_config = ConfigDict(
        json_schema_extra={"example": {"files": {"planning.bpmn": "<?xml version=…"}, "note": "改期限"}}
    )


class Finding(BaseModel):
    """One located complaint of the lint."""

    file: str
    line: int
    element: str
    rule: str
    severity: Literal["error", "warning"]
    message: str
    hint: str


class Findings(BaseModel):
    """What the lint found; an empty list when there is nothing to say."""

    findings: list[Finding]


class DeployedVersion(BaseModel):
    """What became of one key."""

    kind: Literal["process", "decision", "form"]
    key: str
    version: int
    new: bool


class Deployed(BaseModel):
    """An accepted deployment with the warnings that did not stop it."""

    deployment_id: str
    versions: list[DeployedVersion]
    findings: list[Finding]


class Unit(BaseModel):
    """An assessed or assessing body."""

    id: str
    code: str
    name: str
    short_name: str
    kind: str
    tier: str
    group: str
    parent_id: str | None
    assessor_id: str
    assessed: bool


class Cycle(BaseModel):
    """One year of an assessor."""

    id: str
    year: int
    profile: str
    run_mode: str
    state: str


class Measure(BaseModel):
    """One figure of a target; `awaits` says who still gives it."""

    id: str
    name: str
    unit: str
    comparator: str
    value: str | None
    awaits: str
    milestones: dict[str, str]


class TargetVersion(BaseModel):
    """What a target was from one moment on."""

    number: int
    text: str
    basis: str
    made_at: datetime
    figures: list[dict[str, Any]]


class UnitTarget(BaseModel):
    """A unit's yearly target."""

    id: str
    code: str
    kind: Literal["kpi", "special", "function"]
    title: str
    text: str
    locked: bool
    pending: bool
    scorable: bool
    state: str
    measures: list[Measure]
    versions: list[TargetVersion]


class Assignment(BaseModel):
    """Figures that came from above: measure id to exact decimal text, with the paper they rest on."""

    figures: dict[str, str]
    document: str = Field(max_length=300)

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"figures": {"01a2…": "4500"}, "document": "浙发改〔2018〕12 号"},
        }
    )


class Assigned(BaseModel):
    """An assignment that was taken; its own process applies it."""

    target_id: str
    message_id: str


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


class MadeToken(BaseModel):
    """The secret, told this once."""

    token: str
