"""Jobs waiting to be run. A job that is done is deleted with the effect that it had."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class Job(SQLModel, table=True):
    """One piece of background work. `run_at` is on the machine's own time."""

    __tablename__ = "job"
    __table_args__ = (Index("job_due", "state", "run_at"), Index("job_of_instance", "instance_id"))
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    kind: str = Field(max_length=40)
    instance_id: str | None = Field(default=None, max_length=36)
    wait_key: str | None = Field(default=None, max_length=120)
    payload_text: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(default="waiting", max_length=16)
    attempts: int = 0
    max_attempts: int = 3
    run_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    last_error: str = Field(default="", sa_column=Column(Text, nullable=False))
