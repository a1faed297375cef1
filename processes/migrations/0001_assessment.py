"""The assessment's first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from engine.store import types

revision = "0001_assessment"
down_revision = None
branch_labels = ("assessment",)
depends_on = ("0001_engine",)


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("target_code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("comparator", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("goal_text", sa.String(), nullable=False),
        sa.Column("goal", types.Exact(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index(op.f("ix_indicator_target_code"), "indicator", ["target_code"], unique=False)
    op.create_table(
        "profile_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "content",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "digest"),
        sa.UniqueConstraint("key", "number"),
    )
    op.create_table(
        "cycle",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("profile_version_id", sa.String(length=36), nullable=False),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("run_mode", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "calendar",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["profile_version_id"],
            ["profile_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assessor_id", "year", "run_mode"),
    )
    op.create_index(op.f("ix_cycle_assessor_id"), "cycle", ["assessor_id"], unique=False)
    op.create_table(
        "document_series",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("prefix", sa.String(length=64), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assessor_id", "year", "kind"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "number"),
    )
    op.create_index(op.f("ix_document_cycle_id"), "document", ["cycle_id"], unique=False)
    op.create_table(
        "target",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("scorable", sa.Boolean(), nullable=False),
        sa.Column("weight", types.Exact(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("division_id", sa.String(length=36), nullable=True),
        sa.Column("responsible", sa.String(length=64), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("filled_by", sa.String(length=36), nullable=True),
        sa.Column("filled_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["division_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["filled_by"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["target.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "unit_id", "code"),
    )
    op.create_index(op.f("ix_target_unit_id"), "target", ["unit_id"], unique=False)
    op.create_table(
        "unit_plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("graded", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("reported_at", types.Instant(), nullable=True),
        sa.Column("passed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "unit_id"),
    )
    op.create_index(op.f("ix_unit_plan_unit_id"), "unit_plan", ["unit_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["target.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_objection_target_id"), "objection", ["target_id"], unique=False)
    op.create_table(
        "publication",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_publication_cycle_id"), "publication", ["cycle_id"], unique=False)
    op.create_table(
        "target_assignment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column(
            "figures",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("applied_at", types.Instant(), nullable=True),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["target.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_target_assignment_target_id"), "target_assignment", ["target_id"], unique=False)
    op.create_table(
        "target_measure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("indicator_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("comparator", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", types.Exact(), nullable=True),
        sa.Column("awaits", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["target.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("target_id", "position"),
    )
    op.create_table(
        "target_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "figures",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("weight", types.Exact(), nullable=True),
        sa.Column("division", sa.String(length=100), nullable=False),
        sa.Column("responsible", sa.String(length=64), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("basis_on", sa.Date(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("target_id", "number"),
    )
    op.create_index(op.f("ix_target_version_unit_id"), "target_version", ["unit_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("measure_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("value", types.Exact(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["target_measure.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("measure_id", "month"),
    )


def downgrade() -> None:
    op.drop_table("milestone")
    op.drop_index(op.f("ix_target_version_unit_id"), table_name="target_version")
    op.drop_table("target_version")
    op.drop_table("target_measure")
    op.drop_index(op.f("ix_target_assignment_target_id"), table_name="target_assignment")
    op.drop_table("target_assignment")
    op.drop_index(op.f("ix_publication_cycle_id"), table_name="publication")
    op.drop_table("publication")
    op.drop_index(op.f("ix_objection_target_id"), table_name="objection")
    op.drop_table("objection")
    op.drop_index(op.f("ix_unit_plan_unit_id"), table_name="unit_plan")
    op.drop_table("unit_plan")
    op.drop_index(op.f("ix_target_unit_id"), table_name="target")
    op.drop_table("target")
    op.drop_index(op.f("ix_document_cycle_id"), table_name="document")
    op.drop_table("document")
    op.drop_table("document_series")
    op.drop_index(op.f("ix_cycle_assessor_id"), table_name="cycle")
    op.drop_table("cycle")
    op.drop_table("profile_version")
    op.drop_index(op.f("ix_indicator_target_code"), table_name="indicator")
    op.drop_table("indicator")
