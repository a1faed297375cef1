"""What bodies decided, and the documents under which targets were issued, can only be added."""

from alembic import op

from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0003_decisions_stay"
down_revision = "0002_planning_decisions"
branch_labels = None
depends_on = None

TABLES = ("decision_record", "decision_result", "document", "publication")


def upgrade() -> None:
    for table in TABLES:
        make_immutable(op.get_bind(), table)


def downgrade() -> None:
    for table in TABLES:
        make_mutable(op.get_bind(), table)
