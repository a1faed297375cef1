"""What an instance was told lies in the entry of the chain that covers it: one row a step instead of two.

Such a row is too long to lie in its key: on SQLite the table is made anew, with row numbers.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_answered_once, make_immutable, make_mutable

revision = "0022_told"
down_revision = "0022_ways"
branch_labels = None
depends_on = None

ERASED = ("told_text", "erased_at")
OF_THE_STEP = (
    "update audit_entry set told_text = (select r.told_text from step_record r"
    " where r.instance_id = audit_entry.chain_id and r.seq = audit_entry.seq)"
)
A_ROW_OF_ITS_OWN = (
    "insert into step_record (instance_id, seq, recorded_at, told_text)"
    " select e.chain_id, e.seq, e.recorded_at, e.told_text from audit_entry e where e.told_text is not null"
)


def upgrade() -> None:
    make_mutable(op.get_bind(), "audit_entry")
    with op.batch_alter_table("audit_entry", **_anew(numbered=True)) as table:
        table.add_column(sa.Column("told_text", sa.Text(), nullable=True))
        table.add_column(sa.Column("erased_at", types.Instant(), nullable=True))
    op.execute(OF_THE_STEP)
    op.drop_table("step_record")
    make_answered_once(op.get_bind(), "audit_entry", answer=ERASED, at="erased_at")


def _anew(*, numbered: bool) -> dict[str, Any]:
    """On SQLite the table is made anew, with row numbers or without."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    return {"recreate": "always", "table_kwargs": {"sqlite_with_rowid": numbered}}


def downgrade() -> None:
    op.create_table(
        "step_record",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("told_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
        sa.PrimaryKeyConstraint("instance_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.execute(A_ROW_OF_ITS_OWN)
    make_mutable(op.get_bind(), "audit_entry")
    with op.batch_alter_table("audit_entry", **_anew(numbered=False)) as table:
        table.drop_column("erased_at")
        table.drop_column("told_text")
    make_immutable(op.get_bind(), "audit_entry")
