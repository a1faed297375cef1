"""What the office did with a whole year: it was frozen, its weights were changed."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0014_year_acts"
down_revision = "0013_accountability"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_act",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("cycle_id", sa.String(36), sa.ForeignKey("cycle.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("person_name", sa.String(100), nullable=False),
        sa.Column("done_at", types.Instant(), nullable=False),
    )
    op.create_index("ix_year_act_of_cycle", "year_act", ["cycle_id", "kind"])
    make_immutable(op.get_bind(), "year_act")


def downgrade() -> None:
    make_mutable(op.get_bind(), "year_act")
    op.drop_table("year_act")
