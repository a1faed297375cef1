"""Decomposition of targets: what was broken down, into which parts, and what was answered to them."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0012_decomposition"
down_revision = "0011_changes"
branch_labels = None
depends_on = None

TABLES = ("decomposition", "decomposition_part", "decomposition_answer")
"""In the order in which they are made; rows are only added."""


def upgrade() -> None:
    _decompositions()
    _parts()
    _answers()
    for table in TABLES:
        make_immutable(op.get_bind(), table)


def downgrade() -> None:
    for table in reversed(TABLES):
        make_mutable(op.get_bind(), table)
        op.drop_table(table)


def _decompositions() -> None:
    op.create_table(
        "decomposition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"]),
        sa.UniqueConstraint("scope_id", "number"),
    )
    op.create_index("ix_decomposition_unit", "decomposition", ["cycle_id", "unit_id"], unique=False)
    op.create_index("ix_decomposition_target_id", "decomposition", ["target_id"], unique=False)
    op.create_index("ix_decomposition_run_id", "decomposition", ["run_id"], unique=False)


def _parts() -> None:
    op.create_table(
        "decomposition_part",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("decomposition_id", sa.String(length=36), nullable=False),
        sa.Column("origin_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("weight", types.Exact(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["decomposition_id"], ["decomposition.id"]),
        sa.ForeignKeyConstraint(["division_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )
    part = "decomposition_part"
    op.create_index("ix_decomposition_part_decomposition_id", part, ["decomposition_id"], unique=False)
    op.create_index("ix_decomposition_part_origin_id", part, ["origin_id"], unique=False)
    op.create_index("ix_decomposition_part_person", part, ["user_id"], unique=False)


def _answers() -> None:
    op.create_table(
        "decomposition_answer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("origin_id"),
    )
