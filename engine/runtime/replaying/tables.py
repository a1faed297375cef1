"""Replays that were ordered: on which version, and how each instance would fare there."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class Replay(SQLModel, table=True):
    """One order to replay the instances of a process: on a deployed version, or on files (name -> text)."""

    __tablename__ = "replay"
    __table_args__ = (Index("replay_of_process", "process_key", "id"),)
    id: str = Field(primary_key=True, max_length=36)
    process_key: str = Field(max_length=200)
    label: str
    target_version_id: str | None = Field(default=None, foreign_key="definition_version.id", max_length=36)
    files_text: str | None = Field(default=None, sa_column=Column(Text))
    mapping_text: str = Field(sa_column=Column(Text, nullable=False))
    ordered_by: str | None = Field(default=None, max_length=36)
    ordered_by_name: str = ""
    ordered_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class InstanceReplay(SQLModel, table=True):
    """One instance of an order. `state`: waiting, or the verdict's (same, other, cannot, incomplete).

    `reason_text` says where and why the ways part, in the diagram's words; `seen_text` (JSON, a list) what
    the data was that decided it.
    """

    __tablename__ = "instance_replay"
    __table_args__ = (Index("instance_replay_state", "replay_id", "state", "instance_id"),)
    replay_id: str = Field(primary_key=True, foreign_key="replay.id", max_length=36)
    instance_id: str = Field(primary_key=True, foreign_key="instance.id", max_length=36)
    state: str = Field(default="waiting", max_length=16)
    steps: int = 0
    reason_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    seen_text: str = Field(default="[]", sa_column=Column(Text, nullable=False))


class ReplayChange(SQLModel, table=True):
    """A step to which both versions come and of which the new one asks somebody else, or another date."""

    __tablename__ = "replay_change"
    __table_args__ = (Index("replay_change_of", "replay_id", "element_id", "kind"),)
    id: str = Field(primary_key=True, max_length=36)
    replay_id: str = Field(foreign_key="replay.id", max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    element_id: str = Field(max_length=200)
    name: str
    kind: str = Field(max_length=16)
    old_text: str = Field(sa_column=Column(Text, nullable=False))
    new_text: str = Field(sa_column=Column(Text, nullable=False))
