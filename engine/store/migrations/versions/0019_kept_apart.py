"""What a person is kept apart from is found by the person: lists leave it out without asking of each row."""

from alembic import op

revision = "0019_kept_apart"
down_revision = "0018_chores"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("kept_apart_of_person", "kept_apart", ["person_id", "item_id"])


def downgrade() -> None:
    op.drop_index("kept_apart_of_person", table_name="kept_apart")
