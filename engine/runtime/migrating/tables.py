"""What was moved from which version to which, by whom; and of each instance what it was, to move it back."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class Migration(SQLModel, table=True):
    """One order to move instances of a process to another version, or only to look whether they fit."""

    __tablename__ = "migration"
    __table_args__ = (Index("migration_of_process", "process_key", "id"),)
    id: str = Field(primary_key=True, max_length=36)
    process_key: str = Field(max_length=200)
    from_version_id: str = Field(foreign_key="definition_version.id", max_length=36)
    to_version_id: str = Field(foreign_key="definition_version.id", max_length=36)
    mapping_text: str = Field(sa_column=Column(Text, nullable=False))
    ordered_by: str | None = Field(default=None, max_length=36)
    ordered_by_name: str = ""
    ordered_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    only_looks: bool = False


class InstanceMigration(SQLModel, table=True):
    """One instance of an order. `state`: waiting, moved, refused, back, stays (with a reason); fits where the
    order only looks.

    `before_state` and `before_text` are what the instance was, while it can still be moved back;
    `after_digest` tells whether it has gone on since.
    """

    __tablename__ = "instance_migration"
    __table_args__ = (
        Index("instance_migration_state", "migration_id", "state", "instance_id"),
        Index("instance_migration_of_instance", "instance_id"),
    )
    migration_id: str = Field(primary_key=True, foreign_key="migration.id", max_length=36)
    instance_id: str = Field(primary_key=True, foreign_key="instance.id", max_length=36)
    state: str = Field(max_length=16)
    reason_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    before_state: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    before_text: str | None = Field(default=None, sa_column=Column(Text))
    after_digest: str = Field(default="", max_length=64)
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant))
