"""The score ledger: every mark that a component of a unit's assessment was given, with how it came about.

Rows are only added. A correction is a new row that names the one it replaces; the newest not replaced counts.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class Score(SQLModel, table=True):
    """One mark of one unit for one component, or for one target of it."""

    __tablename__ = "score"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    component: str = Field(max_length=32)
    """The component's key in the profile: targets, social, leaders, innovation …"""
    target_id: str | None = Field(default=None, foreign_key="target.id", max_length=36)
    value: Decimal = Field(sa_type=Exact)
    of: Decimal = Field(sa_type=Exact)
    """The full mark."""
    method: str = Field(max_length=16)
    """auto | group | body | leader | survey"""
    basis: str = ""
    inputs_json: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    rules_json: list[Any] = Field(sa_column=Column(Json, nullable=False))
    """The rules that fired."""
    decision_version_id: str | None = Field(default=None, max_length=36)
    scored_by: str | None = Field(default=None, max_length=36)
    scored_unit_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)
    """For which unit or body the scorer acted."""
    scored_at: datetime = Field(sa_type=Instant)
    replaces_id: str | None = Field(default=None, foreign_key="score.id", max_length=36)
