"""Results, snapshots and score sheets as REST calls send and receive them. Numbers are text."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class GradeRow(BaseModel):
    """A unit's grade; `computed_grade` is what the decisions gave, `reason` why the committee adjusted it."""

    unit_id: str
    unit: str
    group: str
    rank: int
    total: str
    zone: str | None
    grade: str
    computed_grade: str
    reason: str
    promoted: bool
    vetoed: bool
    snapshot_id: str
    sheet: str


class MissingMark(BaseModel):
    """A component of a unit that is missing or cannot be used."""

    unit_id: str
    unit: str
    component: str
    label: str
    why: str


class SnapshotRow(BaseModel):
    """A sealed snapshot: `calculated`, `trial` or `decided`; `digest` names its `algorithm`."""

    id: str
    number: int
    purpose: str
    reason: str
    algorithm: str
    digest: str
    previous_id: str | None
    made_at: datetime


class AppealAct(BaseModel):
    """What was done with an appeal."""

    kind: str
    outcome: str
    text: str
    at: datetime


class Appeal(BaseModel):
    """An appeal with its way so far."""

    id: str
    unit_id: str
    component: str
    claimed: str
    text: str
    filed_at: datetime
    acts: list[AppealAct]


class Results(BaseModel):
    """A year's results; `grades` is empty until the city's leaders have approved."""

    cycle_id: str
    grades: list[GradeRow]
    missing: list[MissingMark]
    appeals: list[Appeal]
    snapshots: list[SnapshotRow]
    may_grade: bool
    may_feed_back: bool


class Snapshot(SnapshotRow):
    """A snapshot with its sealed content: `content` is exactly the text under `digest`."""

    content: str


class Verification(BaseModel):
    """Whether a snapshot holds when it is computed again; `faults` says what does not."""

    verified: bool
    faults: list[str]


class TakenMarks(BaseModel):
    """How much an import took."""

    units: int
    marks: int


class SheetFile(BaseModel):
    """A file that proves something."""

    file_id: str
    caption: str


class SheetFigure(BaseModel):
    """A figure behind a score with what proves it."""

    id: str
    name: str
    period: str
    value: str
    unit: str
    note: str
    evidence: list[SheetFile]


class SheetScore(BaseModel):
    """A score behind a component: of which target, who gave it how, from what (`asked`), by which rules."""

    id: str
    title: str
    goal: str
    value: str
    of: str
    method: str
    by: str
    at: datetime
    basis: str
    asked: str
    rules: list[str]
    figures: list[SheetFigure]
    evidence: list[SheetFile]
    earlier: list[dict[str, str]]


class SheetPart(BaseModel):
    """A component: value (`exact` unrounded), full mark, the best of the group and the gap to it."""

    key: str
    label: str
    weight: str
    value: str
    exact: str
    best: str
    top: str
    gap: str
    scores: list[SheetScore]


class SheetRule(BaseModel):
    """A rule that fired on the way to the grade."""

    decision: str
    number: int
    text: str


class RectifiedIssue(BaseModel):
    """A key issue of the unit: `rates` in percent, one a round."""

    id: str
    title: str
    state_text: str
    rates: list[str]
    reached: bool


class ScoreSheet(BaseModel):
    """A unit's score sheet; `lines` says what decides the grade and what of it is a default."""

    unit_id: str
    unit: str
    cycle_id: str
    year: int
    total: str
    total_exact: str
    rank: int
    members: int
    group: str
    zone: str
    grade: str
    prior: str
    promoted: bool
    vetoed: bool
    snapshot_id: str
    lines: list[str]
    advice: str
    parts: list[SheetPart]
    rules: list[SheetRule]
    appeals: list[Appeal]
    rectified: list[RectifiedIssue]
    case_id: str | None


class PublicRow(BaseModel):
    """A unit's published result."""

    unit_id: str
    unit: str
    group: str
    rank: int
    total: str
    zone: str | None
    grade: str


class Objection(BaseModel):
    """An objection that the office has answered."""

    name: str
    text: str
    answer: str


class PublicResults(BaseModel):
    """A year's results on the portal; `open`: objections are still taken; `lines`: what decides a grade."""

    id: str
    year: int
    open: bool
    closes_on: date
    published_at: datetime | None
    lines: list[str]
    units: list[PublicRow]
    objections: list[Objection]


class NewObjection(BaseModel):
    """An objection, about one unit or all of them, under any name or none."""

    text: str = Field(min_length=1, max_length=2000)
    name: str = Field(default="", max_length=64)
    unit_id: str | None = Field(default=None, max_length=36)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"text": "请公布各项得分。"}})


class TakenObjection(BaseModel):
    """An objection that was taken."""

    id: str


class TrialResult(BaseModel):
    """A unit's result in a calculation."""

    total: str
    rank: int
    zone: str | None
    grade: str


class TrialUnit(BaseModel):
    """A unit whose result would be another one."""

    unit_id: str
    name: str
    group: str
    before: TrialResult
    after: TrialResult


class Trial(BaseModel):
    """One mark changed, and every unit whose result would move with it."""

    unit: str
    component: str
    before: str
    after: str
    moved: list[TrialUnit]
