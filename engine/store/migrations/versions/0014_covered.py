"""An entry of the chain names the rows of the history that it covers; words change only by being erased."""

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.immutable import make_answered_once, make_mutable

revision = "0014_covered"
down_revision = "0013_lists"
branch_labels = None
depends_on = None

ERASED = ("content_text", "salt", "digest", "erased_at")


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("events_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("work_text", sa.Column("salt", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("work_text", sa.Column("digest", sa.String(length=64), nullable=True))
    make_answered_once(op.get_bind(), "work_text", answer=ERASED, at="erased_at")


def downgrade() -> None:
    make_mutable(op.get_bind(), "work_text")
    op.drop_column("work_text", "digest")
    op.drop_column("work_text", "salt")
    op.drop_column("audit_entry", "events_text")
