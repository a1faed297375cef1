"""The ledger of figures and evidence; monitoring by month; notices for improvement."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_answered_once, make_immutable, make_mutable

revision = "0005_monitoring"
down_revision = "0004_planning_history_stays"
branch_labels = None
depends_on = None

ADDED_ONLY = (
    "datum",
    "evidence",
    "monthly_report",
    "progress_light",
    "light_explanation",
    "late_card",
    "performance_card",
    "bulletin",
    "notice_issue",
    "notice_act",
)
ANSWER = ("accepted", "answer", "answered_by", "answered_at", "new_datum_id")


def upgrade() -> None:
    _ledger()
    _monitoring()
    _bulletins()
    _notices()
    for table in ADDED_ONLY:
        make_immutable(op.get_bind(), table)
    make_answered_once(op.get_bind(), "datum_correction", answer=ANSWER, at="answered_at")


def downgrade() -> None:
    for table in (*ADDED_ONLY, "datum_correction"):
        make_mutable(op.get_bind(), table)
    for table in (
        "notice_act",
        "notice_issue",
        "improvement_notice",
        "datum_correction",
        "bulletin",
        "performance_card",
        "late_card",
        "light_explanation",
        "progress_light",
        "monthly_report",
        "evidence",
        "datum",
    ):
        op.drop_table(table)


def _ledger() -> None:
    op.create_table(
        "datum",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("value", types.Exact(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("entered_unit_id", sa.String(length=36), nullable=True),
        sa.Column("entered_by", sa.String(length=36), nullable=True),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["entered_unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["datum.id"]),
        sa.UniqueConstraint("replaces_id"),
    )
    op.create_index("ix_datum_of_measure", "datum", ["measure", "period"], unique=False)
    op.create_index("ix_datum_of_unit", "datum", ["cycle_id", "unit_id", "period"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("owner_kind", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=True),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
    )
    op.create_index("ix_evidence_of_owner", "evidence", ["owner_kind", "owner_id"], unique=False)


def _monitoring() -> None:
    op.create_table(
        "monthly_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.UniqueConstraint("cycle_id", "unit_id", "period"),
    )
    op.create_table(
        "progress_light",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("datum_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target_value", types.Exact(), nullable=True),
        sa.Column("target_version", sa.Integer(), nullable=False),
        sa.Column("planned", types.Exact(), nullable=True),
        sa.Column("actual", types.Exact(), nullable=True),
        sa.Column("deviation", types.Exact(), nullable=True),
        sa.Column("light", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["progress_light.id"]),
        sa.UniqueConstraint("replaces_id"),
    )
    op.create_index(
        "ix_progress_light_of_unit", "progress_light", ["cycle_id", "period", "unit_id"], unique=False
    )
    op.create_table(
        "light_explanation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("light_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["light_id"], ["progress_light.id"]),
    )
    op.create_index("ix_light_explanation_light_id", "light_explanation", ["light_id"], unique=False)
    op.create_table(
        "late_card",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.UniqueConstraint("cycle_id", "unit_id", "period", "colour"),
    )
    op.create_table(
        "performance_card",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("green", sa.Integer(), nullable=False),
        sa.Column("yellow", sa.Integer(), nullable=False),
        sa.Column("red", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("card", sa.String(length=8), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["performance_card.id"]),
        sa.UniqueConstraint("replaces_id"),
    )
    op.create_index(
        "ix_performance_card_of_period", "performance_card", ["cycle_id", "period", "unit_id"], unique=False
    )


def _bulletins() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("rows", types.Json, nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.UniqueConstraint("cycle_id", "period", "number"),
    )
    op.create_table(
        "datum_correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("datum_id", sa.String(length=36), nullable=False),
        sa.Column("value", types.Exact(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.Column("new_datum_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"]),
    )
    op.create_index("ix_datum_correction_datum_id", "datum_correction", ["datum_id"], unique=False)


def _notices() -> None:
    op.create_table(
        "improvement_notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("proposed", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("talked", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
    )
    op.create_index(
        "ix_improvement_notice_of_unit", "improvement_notice", ["cycle_id", "unit_id"], unique=False
    )
    op.create_table(
        "notice_issue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("serious", sa.Boolean(), nullable=False),
        sa.Column("reporter", sa.String(length=64), nullable=False),
        sa.Column("raised_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["notice_id"], ["improvement_notice.id"]),
    )
    op.create_index("ix_notice_issue_notice_id", "notice_issue", ["notice_id"], unique=False)
    op.create_index("ix_notice_issue_of_unit", "notice_issue", ["cycle_id", "unit_id"], unique=False)
    op.create_table(
        "notice_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("details", types.Json, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["notice_id"], ["improvement_notice.id"]),
    )
    op.create_index("ix_notice_act_notice_id", "notice_act", ["notice_id"], unique=False)
