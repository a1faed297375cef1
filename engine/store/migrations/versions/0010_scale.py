"""Fan-outs that end early; long values stored once; indexes for long loops and many children."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0010_scale"
down_revision = "0009_versions"
branch_labels = None
depends_on = None

CALLED = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "shared_value",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("value_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.add_column("fan_out", sa.Column("terminated", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("fan_out", sa.Column("scopes_json", types.Json, nullable=True))
    op.add_column("fan_out", sa.Column("reads_text", sa.Text(), nullable=True))
    op.create_index(
        "instance_of_parent",
        "instance",
        ["parent_id", "status", "child_index"],
        sqlite_where=CALLED,
        postgresql_where=CALLED,
    )
    op.drop_index("work_event_of_instance", table_name="work_event")
    op.create_index("work_event_of_instance", "work_event", ["instance_id", "element_id", "round"])


def downgrade() -> None:
    op.drop_index("work_event_of_instance", table_name="work_event")
    op.create_index("work_event_of_instance", "work_event", ["instance_id", "id"])
    op.drop_index("instance_of_parent", table_name="instance")
    for name in ("reads_text", "scopes_json", "terminated"):
        op.drop_column("fan_out", name)
    op.drop_table("shared_value")
