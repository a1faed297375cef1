"""Data collection: orders, findings, locks. Assessment of targets: exemptions, reports, results, draws."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0010_targets"
down_revision = "0009_innovation"
branch_labels = None
depends_on = None

TABLES = (
    "data_order",
    "verification",
    "data_lock",
    "exemption",
    "self_assessment",
    "target_result",
    "random_draw",
)
"""In the order in which they are made; rows are only added."""


def upgrade() -> None:
    _collection()
    _assessment()
    for table in TABLES:
        make_immutable(op.get_bind(), table)


def downgrade() -> None:
    for table in reversed(TABLES):
        make_mutable(op.get_bind(), table)
        op.drop_table(table)


def _collection() -> None:
    op.create_table(
        "data_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("measure_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("supplier_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("risk", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["supplier_id"], ["unit.id"]),
        sa.UniqueConstraint("cycle_id", "measure_id"),
    )
    op.create_index("ix_data_order_supplier_id", "data_order", ["supplier_id"], unique=False)
    op.create_index("ix_data_order_unit_id", "data_order", ["unit_id"], unique=False)
    op.create_table(
        "verification",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("datum_id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("found", types.Exact(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["order_id"], ["data_order.id"]),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"]),
    )
    op.create_index("ix_verification_order_id", "verification", ["order_id"], unique=False)
    op.create_table(
        "data_lock",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("datum_id", sa.String(length=36), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("locked_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["order_id"], ["data_order.id"]),
        sa.ForeignKeyConstraint(["datum_id"], ["datum.id"]),
        sa.UniqueConstraint("order_id"),
    )


def _assessment() -> None:
    op.create_table(
        "exemption",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=True),
        sa.Column("facts", types.Json, nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"]),
    )
    op.create_index("ix_exemption_unit_id", "exemption", ["unit_id"], unique=False)
    op.create_table(
        "self_assessment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("problems", sa.String(), nullable=False),
        sa.Column("marks", types.Json, nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
    )
    op.create_index("ix_self_assessment_unit_id", "self_assessment", ["unit_id"], unique=False)
    op.create_table(
        "target_result",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("achievement", types.Exact(), nullable=False),
        sa.Column("measure", types.Exact(), nullable=False),
        sa.Column("weight", types.Exact(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("inputs", types.Json, nullable=False),
        sa.Column("rules", types.Json, nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("by_unit_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"]),
    )
    op.create_index("ix_target_result_unit_id", "target_result", ["unit_id"], unique=False)
    op.create_table(
        "random_draw",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=64), nullable=False),
        sa.Column("pool", types.Json, nullable=False),
        sa.Column("drawn", types.Json, nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.UniqueConstraint("cycle_id", "unit_id"),
    )
