"""What the public says, what is promised and done about it, and how satisfied those concerned are."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_answered_once, make_immutable, make_mutable

revision = "0006_rectification"
down_revision = "0005_monitoring"
branch_labels = None
depends_on = None

ADDED_ONLY = (
    "opinion_sorting",
    "opinion_verdict",
    "issue_act",
    "accountability_flag",
    "assessment_complaint",
    "complaint_reply",
)
ANSWERED = {
    "promise_plan": ("published_at",),
    "promise_progress": ("published_at",),
    "issue_satisfaction": ("rate", "score", "reached", "judged_at"),
}
TABLES = (
    "accountability_flag",
    "assessment_complaint",
    "opinion",
    "rectification_issue",
    "complaint_reply",
    "issue_act",
    "issue_satisfaction",
    "opinion_contact",
    "opinion_sorting",
    "opinion_verdict",
    "promise_comment",
    "promise_plan",
    "promise_progress",
)


def upgrade() -> None:
    _accountability_flag()
    _assessment_complaint()
    _opinion()
    _rectification_issue()
    _complaint_reply()
    _issue_act()
    _issue_satisfaction()
    _opinion_contact()
    _opinion_sorting()
    _opinion_verdict()
    _promise_comment()
    _promise_plan()
    _promise_progress()
    for table in ADDED_ONLY:
        make_immutable(op.get_bind(), table)
    for table, answer in ANSWERED.items():
        make_answered_once(op.get_bind(), table, answer=answer, at=answer[-1])


def downgrade() -> None:
    for table in (*ADDED_ONLY, *ANSWERED):
        make_mutable(op.get_bind(), table)
    for table in reversed(TABLES):
        op.drop_table(table)


def _accountability_flag() -> None:
    op.create_table(
        "accountability_flag",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raised_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject_id"),
    )
    op.create_index("ix_accountability_flag_cycle_id", "accountability_flag", ["cycle_id"])
    op.create_index("ix_accountability_flag_unit_id", "accountability_flag", ["unit_id"])


def _assessment_complaint() -> None:
    op.create_table(
        "assessment_complaint",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_digest"),
    )
    op.create_index("ix_assessment_complaint_cycle_id", "assessment_complaint", ["cycle_id"])


def _opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_digest"),
    )
    op.create_index("ix_opinion_cycle", "opinion", ["cycle_id", "source"])


def _rectification_issue() -> None:
    op.create_table(
        "rectification_issue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Boolean(), nullable=False),
        sa.Column("solvable", sa.Boolean(), nullable=False),
        sa.Column("years_repeated", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("hearing_topic", sa.Boolean(), nullable=False),
        sa.Column("route", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "code"),
    )
    op.create_index("ix_rectification_issue_unit", "rectification_issue", ["cycle_id", "unit_id"])


def _complaint_reply() -> None:
    op.create_table(
        "complaint_reply",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("complaint_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("released", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["assessment_complaint.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_complaint_reply_complaint_id", "complaint_reply", ["complaint_id"])


def _issue_act() -> None:
    op.create_table(
        "issue_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_issue_act_issue", "issue_act", ["issue_id"])


def _issue_satisfaction() -> None:
    op.create_table(
        "issue_satisfaction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "counts",
            types.Json,
            nullable=False,
        ),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("rate", types.Exact(), nullable=True),
        sa.Column("score", types.Exact(), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("judged_at", types.Instant(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_issue_satisfaction_issue", "issue_satisfaction", ["issue_id", "round"])


def _opinion_contact() -> None:
    op.create_table(
        "opinion_contact",
        sa.Column("opinion_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["opinion_id"],
            ["opinion.id"],
        ),
        sa.PrimaryKeyConstraint("opinion_id"),
    )


def _opinion_sorting() -> None:
    op.create_table(
        "opinion_sorting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("opinion_id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("public_text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"],
            ["opinion.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_opinion_sorting_issue", "opinion_sorting", ["issue_id"])
    op.create_index("ix_opinion_sorting_opinion", "opinion_sorting", ["opinion_id"])


def _opinion_verdict() -> None:
    op.create_table(
        "opinion_verdict",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("opinion_id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"],
            ["opinion.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("opinion_id", "round"),
    )
    op.create_index("ix_opinion_verdict_issue_id", "opinion_verdict", ["issue_id"])


def _promise_comment() -> None:
    op.create_table(
        "promise_comment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=True),
        sa.Column("screened_at", types.Instant(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_promise_comment_issue_id", "promise_comment", ["issue_id"])


def _promise_plan() -> None:
    op.create_table(
        "promise_plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("steps", sa.String(), nullable=False),
        sa.Column("leader", sa.String(length=64), nullable=False),
        sa.Column("division", sa.String(length=100), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_promise_plan_issue", "promise_plan", ["issue_id", "round"])


def _promise_progress() -> None:
    op.create_table(
        "promise_progress",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["rectification_issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_promise_progress_issue", "promise_progress", ["issue_id", "round"])
