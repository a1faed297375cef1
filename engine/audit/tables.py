"""Audit entries, the seals that chain the heads of all chains, and what administrators did."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class AuditEntry(SQLModel, table=True):
    """One link of one instance's chain: `hash` covers `previous`, who, when, what and the digest.

    `events_text` are the ids of the rows of the history that the digest is of, one a line. `told_text` is
    what the instance was told in this step (from it, it can be played once more) and the digests of the
    variables that it stored (by them a value that is altered is found). It may hold what people have
    sent, so it can be erased, once: `#` and its digest take its place, and replay says that the record is
    incomplete.
    """

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
    events_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    told_text: str | None = Field(default=None, sa_column=Column(Text))
    erased_at: datetime | None = Field(default=None, sa_column=Column(Instant))


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


class AuditHead(SQLModel, table=True):
    """Where a chain stands that belongs to no instance; writers of the chain queue up at this row."""

    __tablename__ = "audit_head"
    chain_id: str = Field(primary_key=True, max_length=36)
    seq: int
    hash: str = Field(max_length=64)


class AdministrationEvent(SQLModel, table=True):
    """管理审计: one act of an administrator on an account, a post, a unit or the definitions.

    `actor_id` is None for a command at the server. `unit_id` and `assessor_id` say where the subject belongs.
    """

    __tablename__ = "administration_event"
    __table_args__ = (Index("administration_event_seq", "seq", unique=True),)
    id: str = Field(primary_key=True, max_length=36)
    seq: int
    happened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    actor_id: str | None = Field(default=None, max_length=36)
    actor_name: str = Field(max_length=100)
    act: str = Field(max_length=40)
    subject_id: str = Field(max_length=200)
    subject_name: str = Field(max_length=200)
    unit_id: str | None = Field(default=None, max_length=36)
    assessor_id: str | None = Field(default=None, max_length=36)
    note_text: str = Field(sa_column=Column(Text, nullable=False))
