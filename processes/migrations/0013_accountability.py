"""Accountability: findings about flags, a unit's case, which flags it takes up, its measures, acts."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0013_accountability"
down_revision = "0012_decomposition"
branch_labels = None
depends_on = None

TABLES = ("flag_finding", "accountability_case", "case_flag", "case_measure", "case_act")
"""In the order in which they are made."""
ADDED_ONLY = ("flag_finding", "case_flag", "case_act")


def upgrade() -> None:
    _findings()
    _cases()
    _measures()
    _acts()
    for table in ADDED_ONLY:
        make_immutable(op.get_bind(), table)


def downgrade() -> None:
    for table in ADDED_ONLY:
        make_mutable(op.get_bind(), table)
    for table in reversed(TABLES):
        op.drop_table(table)


def _findings() -> None:
    op.create_table(
        "flag_finding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("flag_id", sa.String(length=36), nullable=False),
        sa.Column("founded", sa.Boolean(), nullable=False),
        sa.Column("violation", sa.String(length=16), nullable=False),
        sa.Column("person", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["flag_id"], ["accountability_flag.id"]),
    )
    op.create_index("ix_flag_finding_flag_id", "flag_finding", ["flag_id"])


def _cases() -> None:
    op.create_table(
        "accountability_case",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("grade_id", sa.String(length=36), nullable=True),
        sa.Column("facts", types.Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.UniqueConstraint("cycle_id", "unit_id"),
    )
    op.create_index("ix_accountability_case_unit_id", "accountability_case", ["unit_id"])
    op.create_table(
        "case_flag",
        sa.Column("flag_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("flag_id"),
        sa.ForeignKeyConstraint(["flag_id"], ["accountability_flag.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["accountability_case.id"]),
    )
    op.create_index("ix_case_flag_case_id", "case_flag", ["case_id"])


def _measures() -> None:
    op.create_table(
        "case_measure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["accountability_case.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision_record.id"]),
        sa.UniqueConstraint("case_id", "measure"),
    )


def _acts() -> None:
    op.create_table(
        "case_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("measure_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("details", types.Json, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["accountability_case.id"]),
        sa.ForeignKeyConstraint(["measure_id"], ["case_measure.id"]),
    )
    op.create_index("ix_case_act_case_id", "case_act", ["case_id"])
