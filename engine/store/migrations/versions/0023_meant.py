"""No question has ever used the index of the units that items were meant for; every act has written it."""

from alembic import op

revision = "0023_meant"
down_revision = "0022_told"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("work_item_meant", "work_item")


def downgrade() -> None:
    op.create_index("work_item_meant", "work_item", ["meant_unit_id"], unique=False)
