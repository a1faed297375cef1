"""A year as the office follows it, as REST calls send and receive it."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from api.rest.shapes import Cycle


class Step(BaseModel):
    """One step: how much is open, how much of it late."""

    process: str
    step: str
    open: int
    late: int


class UnitPlan(BaseModel):
    """A planning unit: how many targets of each kind, how many without a value, where its plan stands."""

    id: str
    name: str
    kpi: int
    special: int
    functions: int
    pending: int
    round: int
    state: str
    state_text: str


class Overview(BaseModel):
    """One year. `may_plan`: the caller may start its planning now; `next_year`: which may be opened."""

    cycle: Cycle
    steps: list[Step]
    units: list[UnitPlan]
    may_plan: bool
    next_year: int | None


class OpenItem(BaseModel):
    """One open task and who has it; `unit_id` null: the whole city's."""

    id: str
    subject: str
    matter: str
    unit_id: str | None
    step: str
    holder: str
    due_on: date | None
    late: bool
    round: int
    returned: bool
    urged_today: bool
    version: int


class Reminding(BaseModel):
    """Which tasks are urged: those named, and with `all_late` every late one."""

    items: list[str] = Field(default=[], max_length=1000)
    all_late: bool = False

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"items": [], "all_late": True}})


class Reminded(BaseModel):
    """How many were urged; `left_alone`: urged today already, or just finished."""

    reminded: int
    left_alone: int
