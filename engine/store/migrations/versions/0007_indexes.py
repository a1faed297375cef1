"""Indexes for what every act asks: what somebody did as a stand-in, the reminders of a closing item."""

import sqlalchemy as sa
from alembic import op

revision = "0007_indexes"
down_revision = "0006_matters"
branch_labels = None
depends_on = None

STOOD_IN = sa.text("stood_in_for_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "work_event_stood_in",
        "work_event",
        ["person_id", "root_id"],
        sqlite_where=STOOD_IN,
        postgresql_where=STOOD_IN,
    )
    op.create_index("reminder_of_item", "reminder", ["item_id"])


def downgrade() -> None:
    op.drop_index("reminder_of_item", table_name="reminder")
    op.drop_index("work_event_stood_in", table_name="work_event")
