"""回放: orders to replay instances on another version, and how each would fare."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0025_replays"
down_revision = "0024_received"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replay",
        _id("id"),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        _id("target_version_id", nullable=True),
        sa.Column("files_text", sa.Text(), nullable=True),
        sa.Column("mapping_text", sa.Text(), nullable=False),
        _id("ordered_by", nullable=True),
        sa.Column("ordered_by_name", sa.String(), nullable=False),
        sa.Column("ordered_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["target_version_id"], ["definition_version.id"]),
    )
    op.create_index("replay_of_process", "replay", ["process_key", "id"])
    op.create_table(
        "instance_replay",
        _id("replay_id"),
        _id("instance_id"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("seen_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("replay_id", "instance_id"),
        sa.ForeignKeyConstraint(["replay_id"], ["replay.id"]),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    op.create_index("instance_replay_state", "instance_replay", ["replay_id", "state", "instance_id"])
    op.create_table(
        "replay_change",
        _id("id"),
        _id("replay_id"),
        _id("instance_id"),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["replay_id"], ["replay.id"]),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    op.create_index("replay_change_of", "replay_change", ["replay_id", "element_id", "kind"])


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def downgrade() -> None:
    for table in ("replay_change", "instance_replay", "replay"):
        op.drop_table(table)
