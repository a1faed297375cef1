"""What an instance, an item and an act are about besides the unit (事由)."""

import sqlalchemy as sa
from alembic import op

revision = "0006_matters"
down_revision = "0005_signers"
branch_labels = None
depends_on = None

TABLES = ("instance", "work_item", "work_event")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("matter", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "matter")
