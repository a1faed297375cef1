"""An order may only look at instances: the check of very many, done in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0021_whole_checks"
down_revision = "0020_leaving"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "migration", sa.Column("only_looks", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("migration", "only_looks")
