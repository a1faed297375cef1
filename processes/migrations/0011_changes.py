"""Changes of targets: challenges and adjustments, what was said in them and the facts that came of them."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0011_changes"
down_revision = "0010_targets"
branch_labels = None
depends_on = None

TABLES = (
    "change_case",
    "change_act",
    "challenge_statement",
    "challenge_fact",
    "adjustment_statement",
    "adjustment_fact",
)
"""In the order in which they are made; rows are only added."""


def upgrade() -> None:
    _change_case()
    _change_act()
    _challenge_statement()
    _challenge_fact()
    _adjustment_statement()
    _adjustment_fact()
    for table in TABLES:
        make_immutable(op.get_bind(), table)


def downgrade() -> None:
    for table in reversed(TABLES):
        make_mutable(op.get_bind(), table)
        op.drop_table(table)


def _change_case() -> None:
    op.create_table(
        "change_case",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("asker", sa.String(length=16), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=True),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.UniqueConstraint("target_id", "kind", "number"),
    )
    op.create_index("ix_change_case_cycle_id", "change_case", ["cycle_id"], unique=False)
    op.create_index("ix_change_case_unit_id", "change_case", ["unit_id"], unique=False)


def _change_act() -> None:
    op.create_table(
        "change_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("facts", types.Json, nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["change_case.id"]),
    )
    op.create_index("ix_change_act_case_id", "change_act", ["case_id"], unique=False)


def _challenge_statement() -> None:
    op.create_table(
        "challenge_statement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("measure_id", sa.String(length=36), nullable=False),
        sa.Column("value", types.Exact(), nullable=False),
        sa.Column("benchmark", sa.String(length=64), nullable=False),
        sa.Column("benchmark_value", types.Exact(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("rank_before", sa.Integer(), nullable=True),
        sa.Column("own_best", types.Exact(), nullable=True),
        sa.Column("own_best_year", sa.Integer(), nullable=True),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("file_ids", types.Json, nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["change_case.id"]),
    )
    op.create_index("ix_challenge_statement_case_id", "challenge_statement", ["case_id"], unique=False)


def _challenge_fact() -> None:
    op.create_table(
        "challenge_fact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("measure_id", sa.String(length=36), nullable=False),
        sa.Column("value", types.Exact(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["change_case.id"]),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision_record.id"]),
    )
    op.create_index("ix_challenge_fact_unit_id", "challenge_fact", ["unit_id"], unique=False)


def _adjustment_statement() -> None:
    op.create_table(
        "adjustment_statement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("paper", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", types.Json, nullable=False),
        sa.Column("after", types.Json, nullable=False),
        sa.Column("file_ids", types.Json, nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["change_case.id"]),
    )
    op.create_index("ix_adjustment_statement_case_id", "adjustment_statement", ["case_id"], unique=False)


def _adjustment_fact() -> None:
    op.create_table(
        "adjustment_fact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["case_id"], ["change_case.id"]),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision_record.id"]),
    )
    op.create_index("ix_adjustment_fact_target_id", "adjustment_fact", ["target_id"], unique=False)
