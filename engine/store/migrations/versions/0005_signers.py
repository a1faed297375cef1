"""Several people on one step: who signs it and what they said so far; who must not act on an item."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0005_signers"
down_revision = "0004_administration"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("wait_key", sa.String(length=120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("meant_user_id", sa.String(length=36), nullable=True),
        sa.Column("meant_unit_id", sa.String(length=36), nullable=True),
        sa.Column("meant_post_key", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("holder_id", sa.String(length=36), nullable=True),
        sa.Column("signed_at", types.Instant(), nullable=True),
        sa.Column("data_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("signer_of_wait", "signer", ["instance_id", "wait_key"], unique=False)
    op.create_index("signer_of_item", "signer", ["item_id"], unique=False)
    op.create_table(
        "kept_apart",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "person_id"),
    )


def downgrade() -> None:
    op.drop_table("kept_apart")
    op.drop_table("signer")
