"""Orders to move instances to another version, and what each was; what instances were told, for replay."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0009_versions"
down_revision = "0008_incidents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "migration",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("from_version_id", sa.String(length=36), nullable=False),
        sa.Column("to_version_id", sa.String(length=36), nullable=False),
        sa.Column("mapping_text", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(length=36), nullable=True),
        sa.Column("ordered_by_name", sa.String(), nullable=False),
        sa.Column("ordered_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["from_version_id"], ["definition_version.id"]),
        sa.ForeignKeyConstraint(["to_version_id"], ["definition_version.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("migration_of_process", "migration", ["process_key", "id"], unique=False)
    op.create_table(
        "instance_migration",
        sa.Column("migration_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("before_state", sa.LargeBinary(), nullable=True),
        sa.Column("before_text", sa.Text(), nullable=True),
        sa.Column("after_digest", sa.String(length=64), nullable=False),
        sa.Column("done_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["migration_id"], ["migration.id"]),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
        sa.PrimaryKeyConstraint("migration_id", "instance_id"),
    )
    op.create_index(
        "instance_migration_state",
        "instance_migration",
        ["migration_id", "state", "instance_id"],
        unique=False,
    )
    op.create_index("instance_migration_of_instance", "instance_migration", ["instance_id"], unique=False)
    op.create_table(
        "step_record",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("told_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
        sa.PrimaryKeyConstraint("instance_id", "seq"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("step_record")
    op.drop_table("instance_migration")
    op.drop_table("migration")
