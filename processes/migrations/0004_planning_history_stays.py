"""What was said and assigned during planning can only be added; an answer is given once."""

from alembic import op

from engine.store.migrations.immutable import make_answered_once, make_mutable

revision = "0004_planning_history_stays"
down_revision = "0003_decisions_stay"
branch_labels = None
depends_on = None

ANSWERS = {
    "review_remark": (("forwarded_at",), "forwarded_at"),
    "objection": (("answer", "accepted", "answered_by", "answered_at"), "answered_at"),
    "target_assignment": (("applied_at", "version_number"), "applied_at"),
    "consultation": (("state", "closed_at"), "closed_at"),
    "consultation_comment": (("answer", "adopted", "answered_at"), "answered_at"),
}


def upgrade() -> None:
    for table, (answer, at) in ANSWERS.items():
        make_answered_once(op.get_bind(), table, answer=answer, at=at)


def downgrade() -> None:
    for table in ANSWERS:
        make_mutable(op.get_bind(), table)
