"""Lists of work: what is urgent first, found by what is written in it, and as each person has saved them."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0013_lists"
down_revision = "0012_copies"
branch_labels = None
depends_on = None

TAKEN, FREE = sa.text("assignee_id IS NOT NULL"), sa.text("assignee_id IS NULL")
BEGUN, SHARED = sa.text("started_by IS NOT NULL"), sa.text("unit_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("work_item", sa.Column("rank", sa.SmallInteger(), nullable=False, server_default="1"))
    op.add_column("work_item", sa.Column("urged_at", types.Instant(), nullable=True))
    op.add_column("instance", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    _index("work_item_of_person", "work_item", ["assignee_id", "rank", "order_at", "id"], TAKEN)
    columns = ["unit_id", "post_key", "claim_first", "rank", "order_at", "id"]
    _index("work_item_of_post", "work_item", columns, FREE)
    _index("instance_started_by", "instance", ["started_by", "id"], BEGUN)
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("tab", sa.String(length=16), nullable=False),
        sa.Column("asked_json", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("post_key", sa.String(length=80), nullable=True),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"]),
    )
    op.create_index("saved_filter_of_person", "saved_filter", ["person_id", "name"], unique=True)
    op.create_index(
        "saved_filter_of_unit", "saved_filter", ["unit_id"], sqlite_where=SHARED, postgresql_where=SHARED
    )


def _index(name: str, table: str, columns: list[str], only: sa.TextClause) -> None:
    """An index in the place of the one that had its name: of the rows that its lists show alone."""
    op.drop_index(name, table_name=table)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_table("saved_filter")
    old = {
        ("work_item_of_person", "work_item"): ["assignee_id", "order_at", "id"],
        ("work_item_of_post", "work_item"): ["unit_id", "post_key", "assignee_id", "order_at", "id"],
        ("instance_started_by", "instance"): ["started_by", "started_at"],
    }
    for (name, table), columns in old.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
    op.drop_column("instance", "search_text")
    op.drop_column("work_item", "urged_at")
    op.drop_column("work_item", "rank")
