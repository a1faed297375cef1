"""Work goes among people: who was asked or added by whom, who waits for whom, how much a vote counts."""

import sqlalchemy as sa
from alembic import op

revision = "0017_among_people"
down_revision = "0016_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work_item", _word("purpose", 16))
    op.add_column("work_item", sa.Column("waits_for", sa.String(), nullable=False, server_default=""))
    op.add_column("signer", _word("kind", 16))
    op.add_column("signer", sa.Column("for_id", sa.String(length=36), nullable=True))
    op.add_column("signer", _word("weight", 40, usual="1"))


def _word(name: str, length: int, *, usual: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=usual)


def downgrade() -> None:
    for table, column in (
        ("signer", "weight"),
        ("signer", "for_id"),
        ("signer", "kind"),
        ("work_item", "waits_for"),
        ("work_item", "purpose"),
    ):
        op.drop_column(table, column)
