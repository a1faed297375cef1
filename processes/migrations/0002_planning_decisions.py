"""What others say about the plans; and the database itself refuses to change a target's version."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0002_planning_decisions"
down_revision = "0001_assessment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_remark",
        _id(),
        _reference("cycle_id"),
        _reference("unit_id"),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("forwarded_at", types.Instant(), nullable=True),
        *_keys(cycle_id="cycle.id", unit_id="unit.id"),
    )
    op.create_index("ix_review_remark_cycle_id", "review_remark", ["cycle_id"])
    op.create_table(
        "consultation",
        _id(),
        _reference("cycle_id"),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        *_keys(cycle_id="cycle.id"),
    )
    op.create_index("ix_consultation_cycle_id", "consultation", ["cycle_id"])
    op.create_table(
        "consultation_comment",
        _id(),
        _reference("consultation_id"),
        _reference("unit_id", nullable=True),
        _reference("target_id", nullable=True),
        sa.Column("target_title", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        *_keys(consultation_id="consultation.id", unit_id="unit.id"),
    )
    op.create_index("ix_consultation_comment_consultation_id", "consultation_comment", ["consultation_id"])
    op.create_table(
        "decision_record",
        _id(),
        _reference("cycle_id"),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("meeting", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.String(length=64), nullable=False),
        sa.Column("minutes_file_id", sa.String(length=36), nullable=True),
        sa.Column("entered_by", sa.String(length=36), nullable=True),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        *_keys(cycle_id="cycle.id"),
    )
    op.create_index("ix_decision_record_cycle_id", "decision_record", ["cycle_id"])
    op.create_table(
        "decision_result",
        _id(),
        _reference("decision_id"),
        _reference("unit_id"),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        *_keys(decision_id="decision_record.id", unit_id="unit.id"),
        sa.UniqueConstraint("decision_id", "unit_id"),
    )
    op.create_index("ix_decision_result_unit_id", "decision_result", ["unit_id"])
    make_immutable(op.get_bind(), "target_version")


def downgrade() -> None:
    make_mutable(op.get_bind(), "target_version")
    for table in (
        "decision_result",
        "decision_record",
        "consultation_comment",
        "consultation",
        "review_remark",
    ):
        op.drop_table(table)


def _id() -> "sa.Column[str]":
    return sa.Column("id", sa.String(length=36), primary_key=True)


def _reference(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _keys(**references: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], [target]) for name, target in references.items()]
