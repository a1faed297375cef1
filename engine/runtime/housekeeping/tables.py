"""When each chore is due again."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class Chore(SQLModel, table=True):
    """One chore of the house. `due_at` and `done_at` are the machine's time; `touched` is what it has taken
    away, or sealed, in all."""

    __tablename__ = "chore"
    name: str = Field(primary_key=True, max_length=40)
    due_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    touched: int = 0
