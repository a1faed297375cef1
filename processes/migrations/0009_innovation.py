"""Innovation projects: topics, applications, experts' seats and marks, awards, objections."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_answered_once, make_immutable, make_mutable

revision = "0009_innovation"
down_revision = "0008_grading"
branch_labels = None
depends_on = None

ADDED_ONLY = ("expert_review", "round_result", "innovation_award")
ANSWER = ("upheld", "answer", "answered_by", "answered_at")


def upgrade() -> None:
    _innovation_topic()
    _innovation_project()
    _innovation_partner()
    _innovation_award()
    _award_publicity()
    _award_objection()
    _innovation_expert()
    _expert_seat()
    _expert_review()
    _round_result()
    for table in ADDED_ONLY:
        make_immutable(op.get_bind(), table)
    make_answered_once(op.get_bind(), "award_objection", answer=ANSWER, at="answered_at")


def downgrade() -> None:
    for table in (*ADDED_ONLY, "award_objection"):
        make_mutable(op.get_bind(), table)
    for table in (
        "round_result",
        "expert_review",
        "expert_seat",
        "innovation_expert",
        "award_objection",
        "award_publicity",
        "innovation_award",
        "innovation_partner",
        "innovation_project",
        "innovation_topic",
    ):
        op.drop_table(table)


def _innovation_topic() -> None:
    op.create_table(
        "innovation_topic",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("focus", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.UniqueConstraint("cycle_id", "code"),
    )


def _innovation_project() -> None:
    op.create_table(
        "innovation_project",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("topic_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("support", sa.String(), nullable=False),
        sa.Column("cost", types.Exact(), nullable=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("blind_summary", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("blind_report", sa.String(), nullable=False),
        sa.Column("file_ids", types.Json, nullable=False),
        sa.Column("blind_file_ids", types.Json, nullable=False),
        sa.Column("spent", types.Exact(), nullable=True),
        sa.Column("verified", types.Exact(), nullable=True),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("applied_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["topic_id"], ["innovation_topic.id"]),
        sa.UniqueConstraint("cycle_id", "unit_id"),
        sa.UniqueConstraint("cycle_id", "number"),
    )
    op.create_index("ix_innovation_project_unit_id", "innovation_project", ["unit_id"])


def _innovation_partner() -> None:
    op.create_table(
        "innovation_partner",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=True),
        sa.Column("signed_by", sa.String(length=36), nullable=True),
        sa.Column("signed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["project_id"], ["innovation_project.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.UniqueConstraint("project_id", "unit_id"),
    )
    op.create_index("ix_innovation_partner_unit_id", "innovation_partner", ["unit_id"])


def _innovation_award() -> None:
    op.create_table(
        "innovation_award",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("award", sa.String(length=64), nullable=True),
        sa.Column("committee", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("bonus", types.Exact(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["innovation_project.id"]),
    )
    op.create_index("ix_innovation_award_cycle_id", "innovation_award", ["cycle_id"])
    op.create_index("ix_innovation_award_project_id", "innovation_award", ["project_id"])


def _award_publicity() -> None:
    op.create_table(
        "award_publicity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
    )
    op.create_index("ix_award_publicity_cycle_id", "award_publicity", ["cycle_id"])


def _award_objection() -> None:
    op.create_table(
        "award_objection",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("publicity_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["publicity_id"], ["award_publicity.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["innovation_project.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
    )
    op.create_index("ix_award_objection_publicity_id", "award_objection", ["publicity_id"])


def _innovation_expert() -> None:
    op.create_table(
        "innovation_expert",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("fields", types.Json, nullable=False),
        sa.Column("units", types.Json, nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )


def _expert_seat() -> None:
    op.create_table(
        "expert_seat",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("assigned_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["innovation_project.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.UniqueConstraint("project_id", "round", "number", "attempt"),
    )
    op.create_index("ix_expert_seat_cycle_id", "expert_seat", ["cycle_id"])
    op.create_index("ix_expert_seat_project_id", "expert_seat", ["project_id"])
    op.create_index("ix_expert_seat_user_id", "expert_seat", ["user_id"])


def _expert_review() -> None:
    op.create_table(
        "expert_review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("seat_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("marks", types.Json, nullable=False),
        sa.Column("mark", types.Exact(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("scored_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["expert_seat.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["innovation_project.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.UniqueConstraint("seat_id"),
    )
    op.create_index("ix_expert_review_project_id", "expert_review", ["project_id"])


def _round_result() -> None:
    op.create_table(
        "round_result",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("experts", sa.Integer(), nullable=False),
        sa.Column("raw", types.Exact(), nullable=False),
        sa.Column("trimmed", types.Exact(), nullable=False),
        sa.Column("z", types.Exact(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("bonus", types.Exact(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["innovation_project.id"]),
        sa.UniqueConstraint("project_id", "round"),
    )
    op.create_index("ix_round_result_cycle_id", "round_result", ["cycle_id"])
