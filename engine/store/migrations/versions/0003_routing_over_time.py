"""Open work follows the people: whom an item was meant for, what changed, and for whom a stand-in acted."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0003_routing_over_time"
down_revision = "0002_history_stays"
branch_labels = None
depends_on = None

TEXT = {"work_item": ("meant_user_id", "meant_unit_id"), "work_event": ("stood_in_for_id",)}


def upgrade() -> None:
    for table, names in TEXT.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(length=36), nullable=True))
    op.add_column("work_item", sa.Column("meant_post_key", sa.String(length=80), nullable=True))
    op.add_column("work_item", sa.Column("stay_said_at", types.Instant(), nullable=True))
    op.add_column("work_event", sa.Column("stood_in_for_name", sa.String(), nullable=True))
    op.add_column("draft", sa.Column("left_at", types.Instant(), nullable=True))
    op.add_column("stand_in", sa.Column("posts", types.Json, nullable=True))
    op.create_index("work_item_meant", "work_item", ["meant_unit_id"], unique=False)
    op.execute(
        "update work_item set meant_unit_id = unit_id, meant_post_key = post_key, "
        "meant_user_id = case when post_key is null then assignee_id end"
    )
    _new_tables()


def _new_tables() -> None:
    op.create_table(
        "posting_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("noted_at", types.Instant(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "posting_day",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    op.drop_table("posting_day")
    op.drop_table("posting_change")
    op.drop_index("work_item_meant", table_name="work_item")
    for table, name in (
        ("stand_in", "posts"),
        ("draft", "left_at"),
        ("work_event", "stood_in_for_name"),
        ("work_item", "stay_said_at"),
        ("work_item", "meant_post_key"),
    ):
        op.drop_column(table, name)
    for table, names in TEXT.items():
        for name in names:
            op.drop_column(table, name)
