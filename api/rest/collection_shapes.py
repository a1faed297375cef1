"""Data collection as REST calls send and receive it. Exact decimals are text."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Delivery(BaseModel):
    """One supplying body: how many figures are asked of it, and how many stand where."""

    supplier_id: str
    name: str
    asked: int
    missing: int
    reported: int
    verified: int
    locked: int
    withdrawn: int


class Figure(BaseModel):
    """One figure that is asked: about whom, what was said, where it stands."""

    id: str
    about: str
    target: str
    name: str
    unit: str
    goal: str
    source: Literal["self", "bureau"]
    value: str | None
    none: bool
    note: str
    state: str


class Filled(BaseModel):
    """A file that filled an entry form as a draft; nothing is reported yet."""

    item_id: str
    lines: int


class Correction(BaseModel):
    """Which figures are to come back to the body's desk."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"source": "self"}})

    source: Literal["self", "bureau"]


class Asked(BaseModel):
    """A correction that was asked for."""

    supplier_id: str
    source: str
