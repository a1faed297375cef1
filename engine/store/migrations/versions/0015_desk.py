"""What people say beside the verbs, their phrases and signatures, and whom they chose for a later step."""

import sqlalchemy as sa
from alembic import op

from engine.store import types
from engine.store.migrations.immutable import make_immutable, make_mutable

revision = "0015_desk"
down_revision = "0014_covered"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _said()
    _signed()
    op.add_column("work_event", sa.Column("signature_digest", sa.String(length=64), nullable=True))
    op.add_column("work_event", sa.Column("chosen_text", sa.Text(), nullable=True))
    make_immutable(op.get_bind(), "comment_version")


def _said() -> None:
    op.create_table(
        "comment",
        _id("id"),
        _id("cycle_id"),
        _id("instance_id"),
        _id("person_id"),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("written_at", types.Instant(), nullable=False),
        sa.Column("erased_at", types.Instant(), nullable=True),
        sa.Column("erased_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    op.create_index("comment_of_instance", "comment", ["instance_id", "id"])
    op.create_table(
        "comment_version",
        _id("id"),
        _id("comment_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _id("text_id"),
        sa.Column("mentioned_json", sa.Text(), nullable=False),
        sa.Column("written_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("comment_id", "number"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"]),
    )
    op.create_table(
        "phrase",
        _id("id"),
        sa.Column("scope", sa.String(length=8), nullable=False),
        _id("owner_id"),
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("content", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _id("created_by"),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("phrase_of_owner", "phrase", ["owner_id", "place"])


def _signed() -> None:
    op.create_table(
        "signature_image",
        _id("id"),
        _id("person_id"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made", sa.String(length=16), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("retired_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("signature_image_of_person", "signature_image", ["person_id", "id"])
    op.create_index("signature_image_of_digest", "signature_image", ["digest"])


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def downgrade() -> None:
    make_mutable(op.get_bind(), "comment_version")
    op.drop_column("work_event", "chosen_text")
    op.drop_column("work_event", "signature_digest")
    for table in ("signature_image", "phrase", "comment_version", "comment"):
        op.drop_table(table)
