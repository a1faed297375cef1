"""When each way out of the house last took a letter, and last did not."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0022_ways"
down_revision = "0021_whole_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_way",
        sa.Column("way", sa.String(length=100), nullable=False),
        sa.Column("sent_at", types.Instant(), nullable=True),
        sa.Column("failed_at", types.Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("way"),
    )


def downgrade() -> None:
    op.drop_table("outbox_way")
