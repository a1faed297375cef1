"""Open work that does not lie where it was meant to: rare, so no act writes these indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0027_astray"
down_revision = "0026_message_once"
branch_labels = None
depends_on = None

ASTRAY = "post_key IS NOT NULL AND (unit_id <> meant_unit_id OR post_key {other} meant_post_key)"
LEFT = sa.text("meant_user_id IS NOT NULL AND post_key IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "work_item_astray",
        "work_item",
        ["meant_unit_id"],
        sqlite_where=sa.text(ASTRAY.format(other="IS NOT")),
        postgresql_where=sa.text(ASTRAY.format(other="IS DISTINCT FROM")),
    )
    op.create_index(
        "work_item_left", "work_item", ["meant_user_id"], sqlite_where=LEFT, postgresql_where=LEFT
    )


def downgrade() -> None:
    op.drop_index("work_item_left", "work_item")
    op.drop_index("work_item_astray", "work_item")
