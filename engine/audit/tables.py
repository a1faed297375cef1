"""Audit entries and the seals that chain the heads of all chains."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class AuditEntry(SQLModel, table=True):
    """One link of one instance's chain: `hash` covers `previous`, who, when, what and the digest."""

    __tablename__ = "audit_entry"
    chain_id: str = Field(primary_key=True, max_length=36)
    seq: int = Field(primary_key=True)
    cycle_id: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    actor: str = Field(max_length=80)
    act: str = Field(max_length=80)
    digest: str = Field(max_length=64)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    algorithm: str = Field(max_length=16)


class AuditSeal(SQLModel, table=True):
    """A digest over the heads of all chains at one moment; it names the seal before it."""

    __tablename__ = "audit_seal"
    id: str = Field(primary_key=True, max_length=36)
    sealed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    chains: int
    heads_text: str = Field(sa_column=Column(Text, nullable=False))
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    algorithm: str = Field(max_length=16)
