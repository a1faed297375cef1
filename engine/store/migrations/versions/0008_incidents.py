"""An incident says which token or job it is about, what kind of failure, and how often it was tried."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0008_incidents"
down_revision = "0007_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident", sa.Column("token", sa.String(length=80), nullable=True))
    op.add_column("incident", sa.Column("code", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("incident", sa.Column("detail_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("incident", sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("incident", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("incident", sa.Column("failed_at", types.Instant(), nullable=True))
    op.create_index("incident_of_job", "incident", ["job_id"])


def downgrade() -> None:
    op.drop_index("incident_of_job", "incident")
    for name in ("failed_at", "version", "attempts", "detail_text", "code", "token"):
        op.drop_column("incident", name)
