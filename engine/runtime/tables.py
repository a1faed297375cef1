"""The engine's own rows. Every row of a running thing carries `cycle_id`, opaque to the engine."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.store.shapes import BY_KEY, index_where_set
from engine.store.types import Instant, Json


class Deployment(SQLModel, table=True):
    """A set of files that were accepted together; forms and decisions are bound to it."""

    __tablename__ = "deployment"
    id: str = Field(primary_key=True, max_length=36)
    deployed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    deployed_by: str | None = Field(default=None, max_length=36)
    note: str = ""
    source: str = Field(default="", max_length=16)
    """`library`: the product's own files; empty: the city's."""


class Definition(SQLModel, table=True):
    """A process, decision file or form by its key, whatever the version."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("kind", "key"),)
    id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=16)
    key: str = Field(max_length=200)
    name: str = ""


class DefinitionVersion(SQLModel, table=True):
    """One version's content; never changed."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("definition_id", "number"),)
    id: str = Field(primary_key=True, max_length=36)
    definition_id: str = Field(foreign_key="definition.id", max_length=36)
    deployment_id: str = Field(foreign_key="deployment.id", max_length=36)
    number: int
    file: str
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class DeploymentItem(SQLModel, table=True):
    """Which versions a deployment binds together, new or as they were."""

    __tablename__ = "deployment_item"
    deployment_id: str = Field(primary_key=True, foreign_key="deployment.id", max_length=36)
    definition_version_id: str = Field(primary_key=True, foreign_key="definition_version.id", max_length=36)


class Instance(SQLModel, table=True):
    """One run of a process version: its tokens as compact state, and what pages and queries need."""

    __tablename__ = "instance"
    __table_args__ = (
        UniqueConstraint("cycle_id", "process_key", "business_key"),
        Index("instance_of_unit", "subject_unit_id", "cycle_id"),
        index_where_set("instance_children", "fan_out_id", "child_index"),
        index_where_set("instance_of_parent", "parent_id", "status", "child_index"),
        index_where_set("instance_started_by", "started_by", "id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    year: int | None = None
    definition_version_id: str = Field(foreign_key="definition_version.id", max_length=36)
    process_key: str = Field(max_length=200)
    business_key: str | None = Field(default=None, max_length=300)
    assessor_id: str | None = Field(default=None, max_length=36)
    root_id: str = Field(max_length=36)
    parent_id: str | None = Field(default=None, foreign_key="instance.id", max_length=36)
    fan_out_id: str | None = Field(default=None, max_length=36)
    child_index: int | None = None
    subject_unit_id: str | None = Field(default=None, max_length=36)
    subject_name: str = ""
    matter: str = Field(default="", max_length=200)
    search_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What lists find it by (`engine.work.searching`)."""
    status: str = Field(max_length=16)
    state: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    visits_json: str = Field(sa_column=Column(Text, nullable=False))
    result_json: str | None = Field(default=None, sa_column=Column(Text))
    lock_version: int = 1
    audit_seq: int = 0
    audit_head: str = ""
    started_by: str | None = Field(default=None, max_length=36)
    started_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class Variable(SQLModel, table=True):
    """One variable of one scope; the root scope's id is empty."""

    __tablename__ = "variable"
    __table_args__ = BY_KEY
    instance_id: str = Field(primary_key=True, foreign_key="instance.id", max_length=36)
    scope_id: str = Field(primary_key=True, max_length=80)
    name: str = Field(primary_key=True, max_length=200)
    value_text: str = Field(sa_column=Column(Text, nullable=False))


class Timer(SQLModel, table=True):
    """Something to happen at `due_at` on the cycle's clock."""

    __tablename__ = "timer"
    __table_args__ = (Index("timer_due", "due_at"), UniqueConstraint("instance_id", "wait_key"))
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    wait_key: str = Field(max_length=120)
    element_id: str = Field(max_length=200)
    due_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    rests_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    """While the instance stands still: when it would have been due."""


class Subscription(SQLModel, table=True):
    """A waiting catch event: one receiver for (cycle, name, key)."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("cycle_id", "name", "correlation_key"),
        Index("subscription_of_instance", "instance_id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    name: str = Field(max_length=200)
    correlation_key: str = Field(max_length=300)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    wait_key: str = Field(max_length=120)
    element_id: str = Field(max_length=200)


class SignalSubscription(SQLModel, table=True):
    """An event that waits for a signal: any number of receivers for (cycle, name)."""

    __tablename__ = "signal_subscription"
    __table_args__ = (
        Index("signal_receivers", "cycle_id", "name"),
        UniqueConstraint("instance_id", "wait_key"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    name: str = Field(max_length=200)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    wait_key: str = Field(max_length=120)
    element_id: str = Field(max_length=200)


class StartSubscription(SQLModel, table=True):
    """A message or signal start of the newest version of a process."""

    __tablename__ = "start_subscription"
    kind: str = Field(primary_key=True, max_length=16)
    name: str = Field(primary_key=True, max_length=200)
    process_key: str = Field(primary_key=True, max_length=200)
    definition_version_id: str = Field(foreign_key="definition_version.id", max_length=36)
    element_id: str = Field(max_length=200)


class Message(SQLModel, table=True):
    """A published message: remembered by name, key and id, kept until `expires_at` when nobody waits yet."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("cycle_id", "name", "correlation_key", "message_id", name="message_once"),
        Index("message_waiting", "cycle_id", "name", "correlation_key", "received_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    name: str = Field(max_length=200)
    correlation_key: str = Field(max_length=300)
    message_id: str = Field(max_length=200)
    variables_text: str = Field(sa_column=Column(Text, nullable=False))
    published_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    received_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class SharedValue(SQLModel, table=True):
    """A long value that several instances were given: variables name it by its digest (of cycle and text)."""

    __tablename__ = "shared_value"
    digest: str = Field(primary_key=True, max_length=64)
    cycle_id: str = Field(max_length=36)
    value_text: str = Field(sa_column=Column(Text, nullable=False))


class FanOut(SQLModel, table=True):
    """Child instances of one call activity: what remains is a counter.

    `state`: open; decided (enough have come); joined; cancelled. `scopes_json` are the parent's scopes that a
    completion condition sees, `reads_text` the expressions that read a child's result (null: all of it).
    """

    __tablename__ = "fan_out"
    __table_args__ = (UniqueConstraint("instance_id", "wait_key"),)
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    wait_key: str = Field(max_length=120)
    element_id: str = Field(max_length=200)
    process_key: str = Field(max_length=200)
    total: int
    made: int = 0
    remaining: int
    terminated: int = 0
    sequential: bool = False
    state: str = Field(default="open", max_length=16)
    scopes_json: list[str] | None = Field(default=None, sa_column=Column(Json))
    reads_text: str | None = Field(default=None, sa_column=Column(Text))


class Suspension(SQLModel, table=True):
    """挂起: an instance that stands still, from when until when. Those of one act share `tree_id`, the id of
    the first of them. Never changed but for being ended, once."""

    __tablename__ = "suspension"
    __table_args__ = (
        Index("suspension_of_instance", "instance_id", "resumed_at"),
        Index("suspension_of_tree", "tree_id", "resumed_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    tree_id: str = Field(max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    suspended_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    suspended_by: str | None = Field(default=None, max_length=36)
    suspended_by_name: str = Field(default="", max_length=100)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    resumed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    resumed_by: str | None = Field(default=None, max_length=36)


class Outbox(SQLModel, table=True):
    """A letter that a step sends out of the house: its id is the idempotency key. `claimed_at` (the machine's
    time) is when somebody began to send it; `sent_at` when it was taken."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_of_instance", "instance_id"),)
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str | None = Field(default=None, max_length=36)
    element_id: str = Field(default="", max_length=200)
    kind: str = Field(max_length=16)
    channel: str = Field(default="", max_length=80)
    recipient: str = Field(default="", sa_column=Column(Text, nullable=False))
    subject: str = Field(default="", sa_column=Column(Text, nullable=False))
    content_text: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    claimed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    attempts: int = 0
    last_error: str = Field(default="", sa_column=Column(Text, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class OutboxWay(SQLModel, table=True):
    """One way out of the house (`mail`, `webhook:name`, `chat:name`): when it last took a letter, and when
    and why it last did not."""

    __tablename__ = "outbox_way"
    way: str = Field(primary_key=True, max_length=100)
    sent_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    failed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    last_error: str | None = Field(default=None, sa_column=Column(Text))


class Incident(SQLModel, table=True):
    """Something that stopped and waits for a person: a job (`job_id`), or a token held (`token`).

    Without an instance it is one that never began. `code` is the kind of failure, `attempts` how often it was
    tried, `failed_at` when the last attempt failed that a person asked for.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("incident_open", "resolved_at", "cycle_id"),
        Index("incident_of_instance", "instance_id"),
        Index("incident_of_job", "job_id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    assessor_id: str | None = Field(default=None, max_length=36)
    instance_id: str | None = Field(default=None, foreign_key="instance.id", max_length=36)
    job_id: str | None = Field(default=None, max_length=36)
    token: str | None = Field(default=None, max_length=80)
    element_id: str = Field(max_length=200)
    kind: str = Field(max_length=40)
    code: str = Field(default="", max_length=80)
    message: str = Field(sa_column=Column(Text, nullable=False))
    detail_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    attempts: int = 1
    version: int = 1
    raised_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    failed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    resolved_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    resolved_by: str | None = Field(default=None, max_length=36)
    resolution: str = ""


class Idempotency(SQLModel, table=True):
    """What a program's request with an Idempotency-Key was answered."""

    __tablename__ = "idempotency"
    __table_args__ = BY_KEY
    person_id: str = Field(primary_key=True, max_length=36)
    key: str = Field(primary_key=True, max_length=200)
    request_digest: str = Field(max_length=64)
    answer_text: str = Field(sa_column=Column(Text, nullable=False))
    answered_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Counter(SQLModel, table=True):
    """A numbered series, such as the document numbers of an assessor's year."""

    __tablename__ = "counter"
    series: str = Field(primary_key=True, max_length=200)
    last: int = Field(default=0, sa_column=Column(Integer, nullable=False))
