"""History and audit entries can only be added: the database refuses to change or delete them."""

from alembic import op

from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0002_history_stays"
down_revision = "0001_engine"
branch_labels = None
depends_on = None

TABLES = ("work_event", "audit_entry", "audit_seal", "definition_version")


def upgrade() -> None:
    for table in TABLES:
        make_immutable(op.get_bind(), table)


def downgrade() -> None:
    for table in TABLES:
        make_mutable(op.get_bind(), table)
