"""Sealed snapshots, grades, score sheets, appeals, the notice of results."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_answered_once, make_immutable, make_mutable

revision = "0008_grading"
down_revision = "0007_secret_ballots"
branch_labels = None
depends_on = None

ADDED_ONLY = ("score", "snapshot", "grade_adjustment", "grade", "appeal", "appeal_act", "civil_ratio")
ANSWERED_ONCE = {
    "score_sheet": (("outcome", "answered_by", "answered_at"), "answered_at"),
    "result_notice": (("publication_id", "published_at"), "published_at"),
    "result_objection": (("answer", "adopted", "answered_at"), "answered_at"),
}


def upgrade() -> None:
    _grades()
    _appeals()
    _results()
    for table in ADDED_ONLY:
        make_immutable(op.get_bind(), table)
    for table, (answer, at) in ANSWERED_ONCE.items():
        make_answered_once(op.get_bind(), table, answer=answer, at=at)


def downgrade() -> None:
    for table in (*ADDED_ONLY, *ANSWERED_ONCE):
        make_mutable(op.get_bind(), table)
    for table in (
        "civil_ratio",
        "result_objection",
        "result_notice",
        "appeal_act",
        "appeal",
        "score_sheet",
        "grade",
        "grade_adjustment",
        "snapshot",
        "score",
    ):
        op.drop_table(table)


def _grades() -> None:
    op.create_table(
        "score",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("component", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=True),
        sa.Column("value", types.Exact(), nullable=False),
        sa.Column("of", types.Exact(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("inputs_json", types.Json, nullable=False),
        sa.Column("rules_json", types.Json, nullable=False),
        sa.Column("decision_version_id", sa.String(length=36), nullable=True),
        sa.Column("scored_by", sa.String(length=36), nullable=True),
        sa.Column("scored_unit_id", sa.String(length=36), nullable=True),
        sa.Column("scored_at", types.Instant(), nullable=False),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"]),
        sa.ForeignKeyConstraint(["scored_unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["score.id"]),
    )
    op.create_index("ix_score_cycle_id", "score", ["cycle_id"])
    op.create_index("ix_score_unit_id", "score", ["unit_id"])
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("content_text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("previous_id", sa.String(length=36), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["previous_id"], ["snapshot.id"]),
        sa.UniqueConstraint("cycle_id", "number"),
    )
    op.create_table(
        "grade_adjustment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("snapshot_id", sa.String(length=36), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("computed_grade", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=True),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision_record.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
    )
    op.create_index("ix_grade_adjustment_decision_id", "grade_adjustment", ["decision_id"])
    op.create_table(
        "grade",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("snapshot_id", sa.String(length=36), nullable=False),
        sa.Column("unit_group", sa.String(length=60), nullable=False),
        sa.Column("total_exact", types.Exact(), nullable=False),
        sa.Column("total", types.Exact(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("computed_grade", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("promoted", sa.Boolean(), nullable=False),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        sa.Column("graded_at", types.Instant(), nullable=False),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["grade.id"]),
        sa.UniqueConstraint("replaces_id"),
    )
    op.create_index("ix_grade_of_unit", "grade", ["cycle_id", "unit_id"])
    op.create_index("ix_grade_snapshot_id", "grade", ["snapshot_id"])


def _appeals() -> None:
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("grade_id", sa.String(length=36), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"]),
    )
    op.create_index("ix_score_sheet_cycle_id", "score_sheet", ["cycle_id"])
    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("sheet_id", sa.String(length=36), nullable=False),
        sa.Column("score_id", sa.String(length=36), nullable=False),
        sa.Column("component", sa.String(length=32), nullable=False),
        sa.Column("claimed", types.Exact(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("filed_by", sa.String(length=36), nullable=True),
        sa.Column("filed_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("replaces_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"]),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["appeal.id"]),
    )
    op.create_index("ix_appeal_cycle_id", "appeal", ["cycle_id"])
    op.create_table(
        "appeal_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("appeal_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("value", types.Exact(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("score_id", sa.String(length=36), nullable=True),
        sa.Column("snapshot_id", sa.String(length=36), nullable=True),
        sa.Column("done_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision_record.id"]),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"]),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
    )
    op.create_index("ix_appeal_act_appeal_id", "appeal_act", ["appeal_id"])


def _results() -> None:
    op.create_table(
        "result_notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("publication_id", sa.String(length=36), nullable=True),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"]),
    )
    op.create_index("ix_result_notice_cycle_id", "result_notice", ["cycle_id"])
    op.create_table(
        "result_objection",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["notice_id"], ["result_notice.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
    )
    op.create_index("ix_result_objection_notice_id", "result_objection", ["notice_id"])
    op.create_table(
        "civil_ratio",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("grade_id", sa.String(length=36), nullable=False),
        sa.Column("ratio_pct", types.Exact(), nullable=False),
        sa.Column("change", types.Exact(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"]),
    )
    op.create_index("ix_civil_ratio_cycle_id", "civil_ratio", ["cycle_id"])
