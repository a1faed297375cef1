"""What becomes of notices outside the page: wishes of people, what is to be told to whom, what was told."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from engine.store.types import Instant

_WAITING = text("state = 'waiting'")


class NoticeDelivery(SQLModel, table=True):
    """One thing to be told to one person by one channel: the unique key says that it is told once.

    `how` is "now" or "digest", `state` "waiting", "sent" (its letter is written; `outbox` says what became
    of it) or "needless" (done or read before it was due). `subject_id` is the item, its coming again, or the
    notice.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject_id", "channel"),
        Index("notice_delivery_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("notice_delivery_letter", "letter_id"),
        Index("notice_delivery_person", "person_id", "id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    person_id: str = Field(max_length=36)
    kind: str = Field(max_length=20)
    subject_id: str = Field(max_length=36)
    item_id: str | None = Field(default=None, max_length=36)
    notification_id: str | None = Field(default=None, max_length=36)
    channel: str = Field(max_length=80)
    how: str = Field(max_length=8)
    state: str = Field(default="waiting", max_length=10)
    due_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    letter_id: str | None = Field(default=None, max_length=36)


class NoticeDigest(SQLModel, table=True):
    """A digest was written for a person and a channel on a civil day: there is no second one."""

    __tablename__ = "notice_digest"
    person_id: str = Field(primary_key=True, max_length=36)
    channel: str = Field(primary_key=True, max_length=80)
    day_on: date = Field(primary_key=True)
    letter_id: str = Field(max_length=36)


class NoticeWish(SQLModel, table=True):
    """What a person wishes for one kind of notice on one channel: "now", "digest" or "off"."""

    __tablename__ = "notice_wish"
    person_id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(primary_key=True, max_length=20)
    channel: str = Field(primary_key=True, max_length=80)
    how: str = Field(max_length=8)


class NoticeHabit(SQLModel, table=True):
    """When a person may be told: quiet hours (HH:MM, both or neither), the digest's time, working days."""

    __tablename__ = "notice_habit"
    person_id: str = Field(primary_key=True, max_length=36)
    quiet_from: str = Field(default="", max_length=5)
    quiet_until: str = Field(default="", max_length=5)
    digest_time: str = Field(max_length=5)
    working_days: bool = True


class NoticeAddress(SQLModel, table=True):
    """A person's own address on a channel; it counts once the code sent there came back (`verified_at`).

    `wanted` is a new one that waits for its code, of which only the digest is kept; times are the machine's.
    """

    __tablename__ = "notice_address"
    person_id: str = Field(primary_key=True, max_length=36)
    channel: str = Field(primary_key=True, max_length=80)
    address: str = Field(default="", max_length=200)
    verified_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    wanted: str = Field(default="", max_length=200)
    code_digest: str = Field(default="", max_length=64)
    code_until_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    wrong_codes: int = 0
    asked_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class NoticePulse(SQLModel, table=True):
    """Somebody's page has something new: for whom, gone after a few minutes. `beaten_at` is the machine's."""

    __tablename__ = "notice_pulse"
    __table_args__ = (Index("notice_pulse_at", "beaten_at"),)
    id: str = Field(primary_key=True, max_length=36)
    beaten_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    places_text: str = Field(sa_column=Column(Text, nullable=False))


class TodoEntry(SQLModel, table=True):
    """What an outside to-do centre has been told of an item: `version` grows by one with each push.

    `state` is "open", "done" or "withdrawn"; `content_text` what was pushed last (JSON), `letter_id` by which
    letter.
    """

    __tablename__ = "todo_entry"
    __table_args__ = (Index("todo_entry_state", "state", "item_id"),)
    item_id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    version: int = 1
    state: str = Field(max_length=10)
    content_text: str = Field(sa_column=Column(Text, nullable=False))
    changed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    letter_id: str = Field(max_length=36)
