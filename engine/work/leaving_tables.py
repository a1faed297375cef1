"""离职转办: an order of the office, and what becomes of each task that it names."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class LeavingOrder(SQLModel, table=True):
    """Who leaves, who ordered it and why; `receivers_text` says who gets the tasks of which post (JSON)."""

    __tablename__ = "leaving_order"
    __table_args__ = (Index("leaving_order_of_person", "leaver_id", "id"),)
    id: str = Field(primary_key=True, max_length=36)
    leaver_id: str = Field(max_length=36)
    leaver_name: str
    by_id: str = Field(max_length=36)
    by_name: str
    reason_text: str = Field(sa_column=Column(Text, nullable=False))
    receivers_text: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class LeavingLine(SQLModel, table=True):
    """One task of an order. `state`: waiting, done, refused; `said` is the refusal's sentence."""

    __tablename__ = "leaving_line"
    __table_args__ = (Index("leaving_line_state", "order_id", "state", "item_id"),)
    order_id: str = Field(primary_key=True, max_length=36)
    item_id: str = Field(primary_key=True, max_length=36)
    subject_name: str = ""
    matter: str = ""
    definition_version_id: str = Field(max_length=36)
    element_id: str = Field(max_length=200)
    target: str = Field(default="", max_length=120)
    target_name: str = ""
    state: str = Field(default="waiting", max_length=16)
    said: str = ""
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant))
