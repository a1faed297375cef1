"""When an open item came to who has it now, where that was after it was opened."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0024_received"
down_revision = "0023_meant"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work_item", sa.Column("received_at", types.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("work_item", "received_at")
