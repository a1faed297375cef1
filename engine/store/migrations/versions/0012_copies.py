"""抄送 and 关注: to whom an instance was copied, and who follows it."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0012_copies"
down_revision = "0011_standing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copy",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("from_id", sa.String(length=36), nullable=True),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("copied_at", types.Instant(), nullable=False),
        sa.Column("read_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "person_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    op.create_index("copy_of_person", "copy", ["person_id", "event_id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "copy_unread", "copy", ["person_id", "event_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_table(
        "follow",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("since_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "person_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    op.create_index("follow_of_person", "follow", ["person_id", "id"])


def downgrade() -> None:
    op.drop_table("follow")
    op.drop_table("copy")
