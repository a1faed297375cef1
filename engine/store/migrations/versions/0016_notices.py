"""Notices outside the page: what is fresh, wishes of people, deliveries, pulse, a to-do centre."""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0016_notices"
down_revision = "0015_desk"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, types.Instant(), nullable=nullable)


def upgrade() -> None:
    untold = sa.text("told_at IS NULL")
    for table, name in (("work_item", "work_item_fresh"), ("notification", "notification_fresh")):
        op.add_column(table, _at("told_at", nullable=True))
        op.execute(f"update {table} set told_at = created_at")  # noqa: S608 - nobody is told of old things
        op.create_index(name, table, ["id"], sqlite_where=untold, postgresql_where=untold)
    op.add_column("outbox", sa.Column("last_error", sa.Text(), nullable=False, server_default=""))
    _deliveries()
    _wishes()
    op.create_table(
        "notice_pulse",
        _id("id"),
        _at("beaten_at"),
        sa.Column("places_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notice_pulse_at", "notice_pulse", ["beaten_at"])
    op.create_table(
        "todo_entry",
        _id("item_id"),
        _id("cycle_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("state", 10),
        sa.Column("content_text", sa.Text(), nullable=False),
        _at("changed_at"),
        _id("letter_id"),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_index("todo_entry_state", "todo_entry", ["state", "item_id"])


def _deliveries() -> None:
    op.create_table(
        "notice_delivery",
        _id("id"),
        _id("cycle_id"),
        _id("person_id"),
        _text("kind", 20),
        _id("subject_id"),
        _id("item_id", nullable=True),
        _id("notification_id", nullable=True),
        _text("channel", 80),
        _text("how", 8),
        _text("state", 10),
        _at("due_at"),
        _at("created_at"),
        _id("letter_id", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "kind", "subject_id", "channel"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "notice_delivery_due", "notice_delivery", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("notice_delivery_letter", "notice_delivery", ["letter_id"])
    op.create_index("notice_delivery_person", "notice_delivery", ["person_id", "id"])
    op.create_table(
        "notice_digest",
        _id("person_id"),
        _text("channel", 80),
        sa.Column("day_on", sa.Date(), nullable=False),
        _id("letter_id"),
        sa.PrimaryKeyConstraint("person_id", "channel", "day_on"),
    )


def _wishes() -> None:
    op.create_table(
        "notice_wish",
        _id("person_id"),
        _text("kind", 20),
        _text("channel", 80),
        _text("how", 8),
        sa.PrimaryKeyConstraint("person_id", "kind", "channel"),
    )
    op.create_table(
        "notice_habit",
        _id("person_id"),
        _text("quiet_from", 5),
        _text("quiet_until", 5),
        _text("digest_time", 5),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "notice_address",
        _id("person_id"),
        _text("channel", 80),
        _text("address", 200),
        _at("verified_at", nullable=True),
        _text("wanted", 200),
        _text("code_digest", 64),
        _at("code_until_at", nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        _at("asked_at", nullable=True),
        sa.PrimaryKeyConstraint("person_id", "channel"),
    )


def downgrade() -> None:
    for table in (
        "todo_entry", "notice_pulse", "notice_address", "notice_habit", "notice_wish", "notice_digest",
        "notice_delivery",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("outbox", "last_error")
    for table, name in (("notification", "notification_fresh"), ("work_item", "work_item_fresh")):
        op.drop_index(name, table_name=table)
        op.drop_column(table, "told_at")
