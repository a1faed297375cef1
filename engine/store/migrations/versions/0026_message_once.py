"""A message is known by its name, its key and its id: with another key it is another message."""

from collections.abc import Sequence

from alembic import op

revision = "0026_message_once"
down_revision = "0025_replays"
branch_labels = None
depends_on = None

NAME = "message_once"
OLD, NEW = ["cycle_id", "name", "message_id"], ["cycle_id", "name", "correlation_key", "message_id"]
UNNAMED = "message_cycle_id_name_message_id_key"
"""As PostgreSQL calls it; on SQLite it has no name, and the table is made anew."""


def upgrade() -> None:
    _instead(UNNAMED, NAME, NEW)


def downgrade() -> None:
    op.execute(
        "delete from message where exists (select 1 from message m where m.cycle_id = message.cycle_id"
        " and m.name = message.name and m.message_id = message.message_id and m.id < message.id)"
    )
    _instead(NAME, UNNAMED, OLD)


def _instead(old: str, new: str, columns: Sequence[str]) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(old, "message", type_="unique")
        op.create_unique_constraint(new, "message", columns)
        return
    with op.batch_alter_table("message", recreate="always", naming_convention={"uq": old}) as table:
        table.drop_constraint(old, type_="unique")
        table.create_unique_constraint(new, columns)
