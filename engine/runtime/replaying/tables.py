"""What instances were told: one row a step, beside the history, which keeps who did it."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from engine.store.shapes import BY_KEY
from engine.store.types import Instant


class StepRecord(SQLModel, table=True):
    """What the outside told an instance in one step. `seq` is the step's number in the audit chain.

    It may hold what people have sent, so it can be erased: `#` and its digest take its place, and replay says
    that the record is incomplete.
    """

    __tablename__ = "step_record"
    __table_args__ = BY_KEY
    instance_id: str = Field(primary_key=True, foreign_key="instance.id", max_length=36)
    seq: int = Field(primary_key=True)
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    told_text: str = Field(sa_column=Column(Text, nullable=False))
