"""挂起: who let an instance stand still, when and why; and letters that wait to leave (outbox)."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_answered_once, make_mutable

revision = "0011_standing"
down_revision = "0010_scale"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("timer", sa.Column("rests_at", types.Instant(), nullable=True))
    op.create_table(
        "suspension",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tree_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("suspended_at", types.Instant(), nullable=False),
        sa.Column("suspended_by", sa.String(length=36), nullable=True),
        sa.Column("suspended_by_name", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resumed_at", types.Instant(), nullable=True),
        sa.Column("resumed_by", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    op.create_index("suspension_of_instance", "suspension", ["instance_id", "resumed_at"])
    op.create_index("suspension_of_tree", "suspension", ["tree_id", "resumed_at"])
    make_answered_once(op.get_bind(), "suspension", answer=("resumed_at", "resumed_by"), at="resumed_at")
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_text", sa.Text(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("claimed_at", types.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outbox_of_instance", "outbox", ["instance_id"])


def downgrade() -> None:
    op.drop_table("outbox")
    make_mutable(op.get_bind(), "suspension")
    op.drop_table("suspension")
    op.drop_column("timer", "rests_at")
