"""The engine's first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from engine.store import types

revision = "0001_engine"
down_revision = None
branch_labels = ("engine",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("chain_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sealed_at", types.Instant(), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("heads_text", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series"),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "key"),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deployed_at", types.Instant(), nullable=False),
        sa.Column("deployed_by", sa.String(length=36), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "idempotency",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("answer_text", sa.Text(), nullable=False),
        sa.Column("answered_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("wait_key", sa.String(length=120), nullable=True),
        sa.Column("payload_text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", types.Instant(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("job_due", "job", ["state", "run_at"], unique=False)
    op.create_index("job_of_instance", "job", ["instance_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation_key", sa.String(length=300), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("variables_text", sa.Text(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("received_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "name", "message_id"),
    )
    op.create_index(
        "message_waiting", "message", ["cycle_id", "name", "correlation_key", "received_at"], unique=False
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("post_key", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("params_json", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("read_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notification_of_person", "notification", ["user_id", "read_at", "id"], unique=False)
    op.create_index(
        "notification_of_post", "notification", ["unit_id", "post_key", "read_at", "id"], unique=False
    )
    op.create_table(
        "post",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=2000), nullable=False),
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("separation", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("tier", sa.String(length=30), nullable=False),
        sa.Column("unit_group", sa.String(length=60), nullable=False),
        sa.Column("service_class", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("assessed", sa.Boolean(), nullable=False),
        sa.Column("pinyin", sa.String(length=1000), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assessor_id", "code", name="uq_unit_assessor_code"),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "urge",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("urged_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "urged_on", "person_id"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pinyin", sa.String(length=1000), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("locked_until_at", types.Instant(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "work_text",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content_text", sa.Text(), nullable=True),
        sa.Column("erased_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.Column("last_used_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("assessor_id", "day_on"),
    )
    op.create_table(
        "calendar_revision",
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("assessor_id"),
    )
    op.create_table(
        "calendar_year",
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("assessor_id", "year"),
    )
    op.create_table(
        "definition_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("definition_id", sa.String(length=36), nullable=False),
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["definition.id"],
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("definition_id", "number"),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_login_session_expires_at"), "login_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "recent_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("acted_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("recent_act_of", "recent_act", ["who", "acted_at"], unique=False)
    op.create_index("recent_act_at", "recent_act", ["acted_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table recent_act set unlogged")
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("home_id", sa.String(length=36), nullable=False),
        sa.Column("post_key", sa.String(length=60), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["home_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["post_key"],
            ["post.key"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_membership_home_id"), "membership", ["home_id"], unique=False)
    op.create_index("ix_membership_unit_post", "membership", ["unit_id", "post_key"], unique=False)
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_table(
        "right_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("post_key", sa.String(length=60), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("reach", sa.String(length=10), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_key"],
            ["post.key"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_right_grant_post", "right_grant", ["post_key"], unique=False)
    op.create_table(
        "stand_in",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("stand_in_id", sa.String(length=36), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column(
            "processes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_stand_in_stand_in_id"), "stand_in", ["stand_in_id"], unique=False)
    op.create_index(op.f("ix_stand_in_user_id"), "stand_in", ["user_id"], unique=False)
    op.create_table(
        "unit_alias",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("pinyin", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assessor_id", "folded", name="uq_unit_alias_assessor_folded"),
    )
    op.create_index(op.f("ix_unit_alias_unit_id"), "unit_alias", ["unit_id"], unique=False)
    op.create_table(
        "deployment_item",
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("definition_version_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
        ),
        sa.PrimaryKeyConstraint("deployment_id", "definition_version_id"),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("definition_version_id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("business_key", sa.String(length=300), nullable=True),
        sa.Column("assessor_id", sa.String(length=36), nullable=True),
        sa.Column("root_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("fan_out_id", sa.String(length=36), nullable=True),
        sa.Column("child_index", sa.Integer(), nullable=True),
        sa.Column("subject_unit_id", sa.String(length=36), nullable=True),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("visits_json", sa.Text(), nullable=False),
        sa.Column("result_json", sa.Text(), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.String(), nullable=False),
        sa.Column("started_by", sa.String(length=36), nullable=True),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "process_key", "business_key"),
    )
    _index("instance_children", "instance", ["fan_out_id", "child_index"])
    op.create_index("instance_of_unit", "instance", ["subject_unit_id", "cycle_id"], unique=False)
    op.create_index("instance_started_by", "instance", ["started_by", "started_at"], unique=False)
    op.create_table(
        "start_subscription",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("definition_version_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
        ),
        sa.PrimaryKeyConstraint("kind", "name", "process_key"),
    )
    op.create_table(
        "fan_out",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("wait_key", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("sequential", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instance_id", "wait_key"),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("file_of_digest", "file", ["digest"], unique=False)
    op.create_index("file_of_owner", "file", ["instance_id", "element_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("assessor_id", sa.String(length=36), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("raised_at", types.Instant(), nullable=False),
        sa.Column("resolved_at", types.Instant(), nullable=True),
        sa.Column("resolved_by", sa.String(length=36), nullable=True),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("incident_of_instance", "incident", ["instance_id"], unique=False)
    op.create_index("incident_open", "incident", ["resolved_at", "cycle_id"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation_key", sa.String(length=300), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("wait_key", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "name", "correlation_key"),
    )
    op.create_index("subscription_of_instance", "subscription", ["instance_id"], unique=False)
    op.create_table(
        "signal_subscription",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("wait_key", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instance_id", "wait_key"),
    )
    op.create_index("signal_receivers", "signal_subscription", ["cycle_id", "name"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("wait_key", sa.String(length=120), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instance_id", "wait_key"),
    )
    op.create_index("timer_due", "timer", ["due_at"], unique=False)
    op.create_table(
        "variable",
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("scope_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("instance_id", "scope_id", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "work_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("root_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("definition_version_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject_unit_id", sa.String(length=36), nullable=True),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("post_key", sa.String(length=80), nullable=True),
        sa.Column("on_behalf_of", sa.String(), nullable=False),
        sa.Column("target_element_id", sa.String(length=200), nullable=True),
        sa.Column("text_id", sa.String(length=36), nullable=True),
        sa.Column("submission_id", sa.String(length=36), nullable=True),
        sa.Column("supersedes_id", sa.String(length=36), nullable=True),
        sa.Column("happened_at", types.Instant(), nullable=False),
        sa.Column("item_created_at", types.Instant(), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("work_event_of_instance", "work_event", ["instance_id", "id"], unique=False)
    op.create_index("work_event_of_item", "work_event", ["item_id", "id"], unique=False)
    op.create_index("work_event_of_person", "work_event", ["person_id", "id"], unique=False)
    _index("work_event_supersedes", "work_event", ["supersedes_id"])
    op.create_table(
        "work_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("assessor_id", sa.String(length=36), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("root_id", sa.String(length=36), nullable=False),
        sa.Column("definition_version_id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("wait_key", sa.String(length=120), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject_unit_id", sa.String(length=36), nullable=True),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("post_key", sa.String(length=80), nullable=True),
        sa.Column("assignee_id", sa.String(length=36), nullable=True),
        sa.Column("claim_first", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("order_at", types.Instant(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=True),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("returned_from", sa.String(length=200), nullable=True),
        sa.Column("return_reason_id", sa.String(length=36), nullable=True),
        sa.Column("back_to", sa.String(length=200), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("work_item_of_cycle", "work_item", ["cycle_id", "order_at"], unique=False)
    op.create_index("work_item_of_instance", "work_item", ["instance_id", "wait_key"], unique=False)
    op.create_index("work_item_of_person", "work_item", ["assignee_id", "order_at", "id"], unique=False)
    op.create_index(
        "work_item_of_post",
        "work_item",
        ["unit_id", "post_key", "assignee_id", "order_at", "id"],
        unique=False,
    )
    op.create_table(
        "draft",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("data_text", sa.Text(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "person_id"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("post_ref", sa.String(length=200), nullable=True),
        sa.Column("repeat_text", sa.String(length=20), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reminder_due", "reminder", ["due_at"], unique=False)


def _index(name: str, table: str, columns: list[str]) -> None:
    """An index of the rows alone that have its first column."""
    has_it = sa.text(f"{columns[0]} IS NOT NULL")
    op.create_index(name, table, columns, sqlite_where=has_it, postgresql_where=has_it)


def downgrade() -> None:
    op.drop_index("reminder_due", table_name="reminder")
    op.drop_table("reminder")
    op.drop_table("draft")
    op.drop_index("work_item_of_post", table_name="work_item")
    op.drop_index("work_item_of_person", table_name="work_item")
    op.drop_index("work_item_of_instance", table_name="work_item")
    op.drop_index("work_item_of_cycle", table_name="work_item")
    op.drop_table("work_item")
    op.drop_index("work_event_supersedes", table_name="work_event")
    op.drop_index("work_event_of_person", table_name="work_event")
    op.drop_index("work_event_of_item", table_name="work_event")
    op.drop_index("work_event_of_instance", table_name="work_event")
    op.drop_table("work_event")
    op.drop_table("variable")
    op.drop_index("timer_due", table_name="timer")
    op.drop_table("timer")
    op.drop_index("signal_receivers", table_name="signal_subscription")
    op.drop_table("signal_subscription")
    op.drop_index("subscription_of_instance", table_name="subscription")
    op.drop_table("subscription")
    op.drop_index("incident_open", table_name="incident")
    op.drop_index("incident_of_instance", table_name="incident")
    op.drop_table("incident")
    op.drop_index("file_of_owner", table_name="file")
    op.drop_index("file_of_digest", table_name="file")
    op.drop_table("file")
    op.drop_table("fan_out")
    op.drop_table("start_subscription")
    op.drop_index("instance_started_by", table_name="instance")
    op.drop_index("instance_of_unit", table_name="instance")
    op.drop_index("instance_children", table_name="instance")
    op.drop_table("instance")
    op.drop_table("deployment_item")
    op.drop_index(op.f("ix_unit_alias_unit_id"), table_name="unit_alias")
    op.drop_table("unit_alias")
    op.drop_index(op.f("ix_stand_in_user_id"), table_name="stand_in")
    op.drop_index(op.f("ix_stand_in_stand_in_id"), table_name="stand_in")
    op.drop_table("stand_in")
    op.drop_index("ix_right_grant_post", table_name="right_grant")
    op.drop_table("right_grant")
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_index("ix_membership_unit_post", table_name="membership")
    op.drop_index(op.f("ix_membership_home_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_login_session_user_id"), table_name="login_session")
    op.drop_index(op.f("ix_login_session_expires_at"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_table("recent_act")
    op.drop_table("definition_version")
    op.drop_table("calendar_year")
    op.drop_table("calendar_revision")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_api_token_user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("work_text")
    op.drop_table("user_account")
    op.drop_table("urge")
    op.drop_index(op.f("ix_unit_parent_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("post")
    op.drop_index("notification_of_post", table_name="notification")
    op.drop_index("notification_of_person", table_name="notification")
    op.drop_table("notification")
    op.drop_index("message_waiting", table_name="message")
    op.drop_table("message")
    op.drop_index("job_of_instance", table_name="job")
    op.drop_index("job_due", table_name="job")
    op.drop_table("job")
    op.drop_table("idempotency")
    op.drop_table("deployment")
    op.drop_table("definition")
    op.drop_table("counter")
    op.drop_table("audit_seal")
    op.drop_table("audit_entry")
