"""What administrators do is on record, on a chain of its own; its rows can only be added."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0004_administration"
down_revision = "0003_routing_over_time"
branch_labels = None
depends_on = None

TABLE = "administration_event"


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("chain_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain_id"),
    )
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("happened_at", types.Instant(), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("assessor_id", sa.String(length=36), nullable=True),
        sa.Column("note_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("administration_event_seq", TABLE, ["seq"], unique=True)
    make_immutable(op.get_bind(), TABLE)


def downgrade() -> None:
    make_mutable(op.get_bind(), TABLE)
    op.drop_table(TABLE)
    op.drop_table("audit_head")
