"""Open work, its history, drafts, notices and files.

`work_item` holds open items only; what is closed lives on in `work_event`, which is never changed.
"""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlmodel import Field, SQLModel

from engine.store.shapes import BY_KEY, index_where_set
from engine.store.types import Instant

_UNTOLD = text("told_at IS NULL")
_ASTRAY = "post_key IS NOT NULL AND (unit_id <> meant_unit_id OR post_key {other} meant_post_key)"
_LEFT = text("meant_user_id IS NOT NULL AND post_key IS NOT NULL")
"""Work that lies elsewhere than it was meant to; work of one person that lies at a post. Both are rare."""


class WorkItem(SQLModel, table=True):
    """One person's (or post's) open row in one visit of a user task.

    `assignee_id` is who has it; without one it belongs to the holders of `post_key` at `unit_id`.
    `claim_first` means that a holder takes it (认领) before working on it.
    `order_at` is the due date, or the end of time without one. Lists show what is urgent, or was urged,
    before the rest (`rank` 0, else 1), each part by `order_at`.
    `meant_*` say whom the diagram names; it lies elsewhere while that post is vacant. `stay_said_at` is when
    history said why it did not go back to the post once that was filled.
    `purpose` is empty, or why it was given besides the diagram (`before`, `after`, `ask`); `waits_for` names
    the people who do something first before its owner goes on.
    `back_to` names the element to which a re-submission goes straight back (退回后直达). `told_at` is when
    its coming was noticed by who tells people; until then it is fresh.
    `received_at` is when it came to who has it now, where that was after it was opened.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        Index(
            "work_item_of_person",
            "assignee_id",
            "rank",
            "order_at",
            "id",
            sqlite_where=text("assignee_id IS NOT NULL"),
            postgresql_where=text("assignee_id IS NOT NULL"),
        ),
        Index(
            "work_item_of_post",
            "unit_id",
            "post_key",
            "claim_first",
            "rank",
            "order_at",
            "id",
            sqlite_where=text("assignee_id IS NULL"),
            postgresql_where=text("assignee_id IS NULL"),
        ),
        Index("work_item_of_instance", "instance_id", "wait_key"),
        Index("work_item_of_cycle", "cycle_id", "order_at"),
        Index("work_item_fresh", "id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index(
            "work_item_astray",
            "meant_unit_id",
            sqlite_where=text(_ASTRAY.format(other="IS NOT")),
            postgresql_where=text(_ASTRAY.format(other="IS DISTINCT FROM")),
        ),
        Index("work_item_left", "meant_user_id", sqlite_where=_LEFT, postgresql_where=_LEFT),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    year: int | None = None
    assessor_id: str | None = Field(default=None, max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    root_id: str = Field(max_length=36)
    definition_version_id: str = Field(max_length=36)
    process_key: str = Field(max_length=200)
    element_id: str = Field(max_length=200)
    wait_key: str = Field(max_length=120)
    round: int
    subject_unit_id: str | None = Field(default=None, max_length=36)
    subject_name: str = ""
    matter: str = Field(default="", max_length=200)
    unit_id: str | None = Field(default=None, max_length=36)
    post_key: str | None = Field(default=None, max_length=80)
    assignee_id: str | None = Field(default=None, max_length=36)
    claim_first: bool = False
    priority: int = 50
    due_on: date | None = None
    due_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    rank: int = Field(default=1, sa_column=Column(SmallInteger, nullable=False))
    order_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    urged_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    follow_up_on: date | None = None
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    from_name: str = ""
    returned_from: str | None = Field(default=None, max_length=200)
    return_reason_id: str | None = Field(default=None, max_length=36)
    back_to: str | None = Field(default=None, max_length=200)
    search_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    lock_version: int = 1
    meant_user_id: str | None = Field(default=None, max_length=36)
    meant_unit_id: str | None = Field(default=None, max_length=36)
    meant_post_key: str | None = Field(default=None, max_length=80)
    stay_said_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    purpose: str = Field(default="", max_length=16)
    waits_for: str = ""
    told_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    received_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class WorkEvent(SQLModel, table=True):
    """What was done with an item: who, for whom, which round, which verb. Never changed, never deleted.

    `on_behalf_of` is the body of a 代录 step; `stood_in_for_*` the person whose stand-in acted (代理);
    `signature_digest` the picture signed with (手写签名); `chosen_text` whom the doer chose for later steps.
    """

    __tablename__ = "work_event"
    __table_args__ = (
        Index("work_event_of_instance", "instance_id", "element_id", "round"),
        Index("work_event_of_person", "person_id", "id"),
        Index("work_event_of_item", "item_id", "id"),
        index_where_set("work_event_supersedes", "supersedes_id"),
        Index(
            "work_event_stood_in",
            "person_id",
            "root_id",
            sqlite_where=text("stood_in_for_id IS NOT NULL"),
            postgresql_where=text("stood_in_for_id IS NOT NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    year: int | None = None
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    root_id: str = Field(max_length=36)
    item_id: str | None = Field(default=None, max_length=36)
    process_key: str = Field(max_length=200)
    definition_version_id: str = Field(max_length=36)
    element_id: str = Field(max_length=200)
    round: int
    subject_unit_id: str | None = Field(default=None, max_length=36)
    subject_name: str = ""
    matter: str = Field(default="", max_length=200)
    verb: str = Field(max_length=40)
    outcome: str = Field(default="", max_length=80)
    person_id: str | None = Field(default=None, max_length=36)
    person_name: str = ""
    unit_id: str | None = Field(default=None, max_length=36)
    post_key: str | None = Field(default=None, max_length=80)
    on_behalf_of: str = ""
    target_element_id: str | None = Field(default=None, max_length=200)
    text_id: str | None = Field(default=None, max_length=36)
    submission_id: str | None = Field(default=None, max_length=36)
    supersedes_id: str | None = Field(default=None, max_length=36)
    happened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    item_created_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    due_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    stood_in_for_id: str | None = Field(default=None, max_length=36)
    stood_in_for_name: str | None = None
    signature_digest: str | None = Field(default=None, max_length=64)
    chosen_text: str | None = Field(default=None, sa_column=Column(Text))


class Signer(SQLModel, table=True):
    """One who signs an open step on which several people decide; gone with the step, history stays.

    `item_id` is None until it is their turn (顺签), and after they have signed. `person_id` is who signed,
    `holder_id` whose signature it is (another's for a stand-in), `data_text` the form as they sent it.
    `kind` says how a seat came that the diagram did not name (`before`, `after`, `ask`; `added` beside the
    others), `for_id` whose seat it was added for, `weight` (a fraction) how much the vote counts.
    """

    __tablename__ = "signer"
    __table_args__ = (Index("signer_of_wait", "instance_id", "wait_key"), Index("signer_of_item", "item_id"))
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    wait_key: str = Field(max_length=120)
    place: int
    state: str = Field(max_length=16)
    item_id: str | None = Field(default=None, max_length=36)
    meant_user_id: str | None = Field(default=None, max_length=36)
    meant_unit_id: str | None = Field(default=None, max_length=36)
    meant_post_key: str | None = Field(default=None, max_length=80)
    outcome: str = Field(default="", max_length=80)
    event_id: str | None = Field(default=None, max_length=36)
    person_id: str | None = Field(default=None, max_length=36)
    person_name: str = ""
    holder_id: str | None = Field(default=None, max_length=36)
    signed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    data_text: str | None = Field(default=None, sa_column=Column(Text))
    kind: str = Field(default="", max_length=16)
    for_id: str | None = Field(default=None, max_length=36)
    weight: str = Field(default="1", max_length=40)


class KeptApart(SQLModel, table=True):
    """Who must not act on an open item that lies with them: they did an earlier step, or signed already."""

    __tablename__ = "kept_apart"
    __table_args__ = (Index("kept_apart_of_person", "person_id", "item_id"),)
    item_id: str = Field(
        sa_column=Column(String(36), ForeignKey("work_item.id", ondelete="CASCADE"), primary_key=True)
    )
    person_id: str = Field(primary_key=True, max_length=36)


class WorkText(SQLModel, table=True):
    """A person's words (opinion, reason) or a submitted form, apart so that they can be erased.

    Never changed but for being erased, once: the content and its `salt` go, their `digest` stays.
    """

    __tablename__ = "work_text"
    __table_args__ = BY_KEY
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(max_length=36)
    kind: str = Field(max_length=16)
    content_text: str | None = Field(default=None, sa_column=Column(Text))
    salt: str = Field(default="", max_length=16)
    digest: str | None = Field(default=None, max_length=64)
    erased_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class Draft(SQLModel, table=True):
    """A form as a person left it, unchecked; gone with its item.

    `left_at` is when its writer lost the item: whoever has it now goes on from there.
    """

    __tablename__ = "draft"
    item_id: str = Field(
        sa_column=Column(String(36), ForeignKey("work_item.id", ondelete="CASCADE"), primary_key=True)
    )
    person_id: str = Field(primary_key=True, max_length=36)
    data_text: str = Field(sa_column=Column(Text, nullable=False))
    opinion: str = ""
    saved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    left_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class Reminder(SQLModel, table=True):
    """When the clock acts on an open item: a reminder, an escalation, an outcome of its own.

    `repeat_text` is how often it comes again, as the diagram writes it.
    """

    __tablename__ = "reminder"
    __table_args__ = (Index("reminder_due", "due_at"), Index("reminder_of_item", "item_id"))
    id: str = Field(primary_key=True, max_length=36)
    item_id: str = Field(
        sa_column=Column(String(36), ForeignKey("work_item.id", ondelete="CASCADE"), nullable=False)
    )
    kind: str = Field(max_length=16)
    post_ref: str | None = Field(default=None, max_length=200)
    repeat_text: str | None = Field(default=None, max_length=20)
    due_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Notification(SQLModel, table=True):
    """Something a person or the holders of a post should know. `kind` and `params_json` make the sentence."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("notification_of_person", "user_id", "read_at", "id"),
        Index("notification_of_post", "unit_id", "post_key", "read_at", "id"),
        Index("notification_fresh", "id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    user_id: str | None = Field(default=None, max_length=36)
    unit_id: str | None = Field(default=None, max_length=36)
    post_key: str | None = Field(default=None, max_length=80)
    kind: str = Field(max_length=60)
    params_json: str = Field(sa_column=Column(Text, nullable=False))
    instance_id: str | None = Field(default=None, max_length=36)
    item_id: str | None = Field(default=None, max_length=36)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    told_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class File(SQLModel, table=True):
    """A stored file: its bytes lie under their digest; access goes through the record that owns it."""

    __tablename__ = "file"
    __table_args__ = (Index("file_of_owner", "instance_id", "element_id"), Index("file_of_digest", "digest"))
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    element_id: str = Field(max_length=200)
    item_id: str | None = Field(default=None, max_length=36)
    field: str = ""
    digest: str = Field(max_length=64)
    name: str
    media_type: str = Field(max_length=100)
    size: int = Field(sa_column=Column(Integer, nullable=False))
    created_by: str = Field(max_length=36)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Urge(SQLModel, table=True):
    """催办: about which item, on which day, by whom; each person urges once a day about an item."""

    __tablename__ = "urge"
    item_id: str = Field(primary_key=True, max_length=36)
    urged_on: date = Field(primary_key=True)
    person_id: str = Field(primary_key=True, max_length=36)
    event_id: str = Field(max_length=36)


class Copy(SQLModel, table=True):
    """抄送: an instance that a person may read for good, because somebody sent it to them; once a person.

    `event_id` is the history row of the sending; `read_at` is when it was first opened (已阅).
    """

    __tablename__ = "copy"
    __table_args__ = (
        Index("copy_of_person", "person_id", "event_id"),
        Index(
            "copy_unread",
            "person_id",
            "event_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
    instance_id: str = Field(primary_key=True, foreign_key="instance.id", max_length=36)
    person_id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    event_id: str = Field(max_length=36)
    element_id: str = Field(default="", max_length=200)
    item_id: str | None = Field(default=None, max_length=36)
    from_id: str | None = Field(default=None, max_length=36)
    from_name: str = ""
    copied_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class Follow(SQLModel, table=True):
    """关注: a person who is told of an instance's progress; gone when the person follows it no longer."""

    __tablename__ = "follow"
    __table_args__ = (Index("follow_of_person", "person_id", "id"),)
    instance_id: str = Field(primary_key=True, foreign_key="instance.id", max_length=36)
    person_id: str = Field(primary_key=True, max_length=36)
    id: str = Field(max_length=36)
    cycle_id: str = Field(max_length=36)
    since_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class SavedFilter(SQLModel, table=True):
    """A list as a person wants to see it again: which one, what is asked of it, how it is sorted and shown.

    `asked_json` are the list's parameters as its address has them. With `unit_id` (and `post_key`) those who
    hold a post there use it too; what it shows them is what they may see themselves.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        Index("saved_filter_of_person", "person_id", "name", unique=True),
        Index(
            "saved_filter_of_unit",
            "unit_id",
            sqlite_where=text("unit_id IS NOT NULL"),
            postgresql_where=text("unit_id IS NOT NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(foreign_key="user_account.id", max_length=36)
    name: str = Field(max_length=40)
    tab: str = Field(max_length=16)
    asked_json: str = Field(sa_column=Column(Text, nullable=False))
    is_default: bool = False
    unit_id: str | None = Field(default=None, max_length=36)
    post_key: str | None = Field(default=None, max_length=80)
    saved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
