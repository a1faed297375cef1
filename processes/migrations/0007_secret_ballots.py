"""Ballot boxes, satisfaction surveys, leaders' evaluations.

What is secret stands in tables without row numbers on SQLite. None of them is kept from change: closing a
box writes them anew.
"""

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0007_secret_ballots"
down_revision = "0006_rectification"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballot_box",
        _id("id", primary=True),
        _id("cycle_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("scrubbed", sa.Boolean(), nullable=False),
        *_keys(cycle_id="cycle.id"),
    )
    op.create_index("ix_ballot_box_cycle_id", "ballot_box", ["cycle_id"])
    _secret()
    _surveys()
    _leaders()


def downgrade() -> None:
    for table in (
        *("leader_result", "leader_scope", "leader_evaluation"),
        *("survey_result", "survey_layer", "survey_unit", "survey"),
        *("spent_code", "issued_code", "survey_opinion", "ballot", "ballot_box"),
    ):
        op.drop_table(table)


def _secret() -> None:
    op.create_table(
        "ballot",
        _id("key", primary=True),
        _id("box_id"),
        _id("subject_id"),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_of_box", "ballot", ["box_id", "subject_id"])
    op.create_table(
        "survey_opinion",
        _id("id", primary=True),
        _id("cycle_id"),
        _id("box_id"),
        _id("unit_id", nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_opinion_of_box", "survey_opinion", ["box_id"])
    op.create_table(
        "issued_code",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        _id("box_id"),
        sa.Column("layer", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_issued_code_of_box", "issued_code", ["box_id", "layer"])
    op.create_table(
        "spent_code",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        _id("box_id"),
        sa.Column("claim", sa.String(length=64), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_spent_code_of_box", "spent_code", ["box_id"])


def _surveys() -> None:
    op.create_table(
        "survey",
        _id("id", primary=True),
        _id("cycle_id"),
        _id("box_id"),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("introduction", sa.String(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("levels", types.Json, nullable=False),
        sa.Column("unknown", sa.String(length=32), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("missing_sheets", sa.Integer(), nullable=False),
        _id("instance_id"),
        sa.Column("created_at", types.Instant(), nullable=False),
        *_keys(cycle_id="cycle.id", box_id="ballot_box.id"),
        sa.UniqueConstraint("box_id"),
    )
    op.create_index("ix_survey_cycle_id", "survey", ["cycle_id"])
    op.create_table(
        "survey_unit",
        _id("id", primary=True),
        _id("survey_id"),
        _id("unit_id"),
        sa.Column("class_key", sa.String(length=8), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=False),
        *_keys(survey_id="survey.id", unit_id="unit.id"),
        sa.UniqueConstraint("survey_id", "unit_id"),
    )
    op.create_table(
        "survey_layer",
        _id("id", primary=True),
        _id("survey_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sampling", sa.String(length=100), nullable=False),
        sa.Column("weight", types.Exact(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        *_keys(survey_id="survey.id"),
        sa.UniqueConstraint("survey_id", "number"),
    )
    op.create_table(
        "survey_result",
        _id("id", primary=True),
        _id("survey_id"),
        _id("unit_id"),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("counts", types.Json, nullable=True),
        sa.Column("unknown", sa.Integer(), nullable=True),
        sa.Column("rate", types.Exact(), nullable=True),
        sa.Column("score", types.Exact(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        *_keys(survey_id="survey.id", unit_id="unit.id"),
        sa.UniqueConstraint("survey_id", "unit_id", "layer"),
    )


def _leaders() -> None:
    op.create_table(
        "leader_evaluation",
        _id("id", primary=True),
        _id("cycle_id"),
        _id("box_id"),
        sa.Column("by_duty", sa.Boolean(), nullable=False),
        sa.Column("full", types.Exact(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        _id("instance_id"),
        sa.Column("created_at", types.Instant(), nullable=False),
        *_keys(cycle_id="cycle.id", box_id="ballot_box.id"),
        sa.UniqueConstraint("box_id"),
    )
    op.create_index("ix_leader_evaluation_cycle_id", "leader_evaluation", ["cycle_id"])
    op.create_table(
        "leader_scope",
        _id("id", primary=True),
        _id("evaluation_id"),
        _id("person_id"),
        _id("unit_id"),
        *_keys(evaluation_id="leader_evaluation.id", person_id="user_account.id", unit_id="unit.id"),
        sa.UniqueConstraint("evaluation_id", "person_id", "unit_id"),
    )
    op.create_table(
        "leader_result",
        _id("id", primary=True),
        _id("evaluation_id"),
        _id("unit_id"),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("mean", types.Exact(), nullable=True),
        sa.Column("as_100", types.Exact(), nullable=True),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        *_keys(evaluation_id="leader_evaluation.id", unit_id="unit.id"),
        sa.UniqueConstraint("evaluation_id", "unit_id"),
    )


def _id(name: str, *, primary: bool = False, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=36), primary_key=primary, nullable=nullable)


def _keys(**references: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], [target]) for name, target in references.items()]
