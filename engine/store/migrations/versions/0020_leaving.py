"""离职转办: orders of the office and what became of each task."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0020_leaving"
down_revision = "0019_kept_apart"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leaving_order",
        _id("id"),
        _id("leaver_id"),
        sa.Column("leaver_name", sa.String(), nullable=False),
        _id("by_id"),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("receivers_text", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("leaving_order_of_person", "leaving_order", ["leaver_id", "id"])
    op.create_table(
        "leaving_line",
        _id("order_id"),
        _id("item_id"),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        _id("definition_version_id"),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("target_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("done_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("order_id", "item_id"),
    )
    op.create_index("leaving_line_state", "leaving_line", ["order_id", "state", "item_id"])


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=False)


def downgrade() -> None:
    op.drop_table("leaving_line")
    op.drop_table("leaving_order")
