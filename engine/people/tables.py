"""The tables of people and what they may do.

Every identifier is a UUIDv7 as text, but for sessions and API tokens, whose identifier is the SHA-256 of
the secret, so that a copy of the table opens nothing. Dates are civil dates, both ends included.
"""

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Instant, Json


class Unit(SQLModel, table=True):
    """单位: a body of the administration, in a tree (`parent_id`).

    `assessor_id` is the unit that assesses it; the topmost assessor names itself.
    `pinyin` is "initials full-spelling" of the name, for search and order.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("assessor_id", "code", name="uq_unit_assessor_code"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    short_name: str = Field(default="", max_length=100)
    kind: str = Field(max_length=30)
    tier: str = Field(default="city", max_length=30)
    unit_group: str = Field(default="", max_length=60)
    service_class: str = Field(default="", max_length=60)
    parent_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36, index=True)
    assessor_id: str = Field(foreign_key="unit.id", max_length=36)
    assessed: bool = False
    pinyin: str = Field(default="", max_length=1000)
    valid_from_on: date | None = None
    valid_until_on: date | None = None
    successor_id: str | None = Field(default=None, foreign_key="unit.id", max_length=36)


class UnitAlias(SQLModel, table=True):
    """别名: every name under which a unit is found, its own name and short name included.

    `folded` is the name without spaces and width differences; one folded name means one unit per assessor,
    and the database says so. `kind` is "name", "short", "former" or "other".
    """

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("assessor_id", "folded", name="uq_unit_alias_assessor_folded"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    assessor_id: str = Field(foreign_key="unit.id", max_length=36)
    alias: str = Field(max_length=200)
    folded: str = Field(max_length=200)
    kind: str = Field(default="other", max_length=10)
    pinyin: str = Field(default="", max_length=1000)


class UserAccount(SQLModel, table=True):
    """用户: a person who can log in. Never deleted, only made inactive."""

    __tablename__ = "user_account"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    login: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=100)
    pinyin: str = Field(default="", max_length=1000)
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=200)
    password_hash: str = Field(default="", max_length=300)
    must_change_password: bool = True
    failed_count: int = 0
    locked_until_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    active: bool = True
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Post(SQLModel, table=True):
    """岗位: a key that diagrams name; the names people read are the city's.

    `seat` "unit" belongs to the unit where the holder sits (联络员 of one bureau); "assessor" belongs to the
    assessor as a whole wherever the holder sits (财政联审, held by someone of the finance bureau).
    `separation` names a side ("office", "supervision", "system", "security", "audit"): one person never
    holds posts of two sides at a time (三员分立).
    """

    __tablename__ = "post"

    key: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=100)
    name_en: str = Field(default="", max_length=100)
    rank: int = 0
    duty: str = Field(default="", max_length=2000)
    seat: str = Field(default="unit", max_length=10)
    separation: str = Field(default="", max_length=30)


class Membership(SQLModel, table=True):
    """任职: a person on a post, from a day until a day, for one cycle or always (`cycle_id` None).

    `unit_id` is the unit that post references name (the assessor, for posts seated there);
    `home_id` is the unit where the person sits.
    """

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_unit_post", "unit_id", "post_key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    user_id: str = Field(foreign_key="user_account.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36)
    home_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    post_key: str = Field(foreign_key="post.key", max_length=60)
    cycle_id: str | None = Field(default=None, max_length=36)
    from_on: date
    until_on: date | None = None
    is_primary: bool = False


class RightGrant(SQLModel, table=True):
    """授权: whoever holds `post_key` may do `act` within `reach`, in one cycle or always.

    Reach: "unit" (the post's unit), "below" (it and all units under it), "assessor" (all units of the
    post's assessor), "all".
    """

    __tablename__ = "right_grant"
    __table_args__ = (Index("ix_right_grant_post", "post_key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    post_key: str = Field(foreign_key="post.key", max_length=60)
    act: str = Field(max_length=40)
    reach: str = Field(max_length=10)
    cycle_id: str | None = Field(default=None, max_length=36)


class StandIn(SQLModel, table=True):
    """代理: who does the work of `user_id` meanwhile. `processes` empty means all.

    `posts` are references (`<unit id>#<post key>`) of the posts it is for; empty means all of them.
    """

    __tablename__ = "stand_in"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    user_id: str = Field(foreign_key="user_account.id", max_length=36, index=True)
    stand_in_id: str = Field(foreign_key="user_account.id", max_length=36, index=True)
    from_on: date
    until_on: date
    processes: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    posts: list[str] | None = Field(default_factory=list, sa_column=Column(Json))


class PostingChange(SQLModel, table=True):
    """A change of who holds the posts of a unit, or of somebody's account, that routing has to look at.

    `noted_at` is on the machine's own time; `settled` once open work was brought in line (see changes.py).
    """

    __tablename__ = "posting_change"

    id: str = Field(primary_key=True, max_length=36)
    unit_id: str | None = Field(default=None, max_length=36)
    user_id: str | None = Field(default=None, max_length=36)
    noted_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    settled: bool = False


class PostingDay(SQLModel, table=True):
    """The civil day up to which postings that begin and end by date have been looked at."""

    __tablename__ = "posting_day"

    name: str = Field(primary_key=True, max_length=16)
    day_on: date


class CalendarDay(SQLModel, table=True):
    """工作日历: a day that differs from its weekday: "holiday", or "workday" on a weekend (调休)."""

    __tablename__ = "calendar_day"

    assessor_id: str = Field(foreign_key="unit.id", primary_key=True, max_length=36)
    day_on: date = Field(primary_key=True)
    kind: str = Field(max_length=10)
    name: str = Field(default="", max_length=60)


class CalendarYear(SQLModel, table=True):
    """A year whose public holidays were entered; of other years only the weekends are known."""

    __tablename__ = "calendar_year"

    assessor_id: str = Field(foreign_key="unit.id", primary_key=True, max_length=36)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class CalendarRevision(SQLModel, table=True):
    """Another value after each edit of an assessor's calendar, so that every process notices one.

    Not a counter: an edit that is rolled back must not leave a number that the next edit uses again.
    """

    __tablename__ = "calendar_revision"

    assessor_id: str = Field(foreign_key="unit.id", primary_key=True, max_length=36)
    revision: str = Field(max_length=36)


class LoginSession(SQLModel, table=True):
    """A log-in. `id` is the SHA-256 of the cookie's token."""

    __tablename__ = "login_session"

    id: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="user_account.id", max_length=36, index=True)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False, index=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    user_agent: str = Field(default="", max_length=300)


class ApiToken(SQLModel, table=True):
    """A bearer token of a program that acts as `user_id`. `id` is its SHA-256."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="user_account.id", max_length=36, index=True)
    name: str = Field(max_length=100)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class RecentAct(SQLModel, table=True):
    """What one address did within the last hour, where several servers count together; gone after it.

    `who` is a keyed digest; the key is not in the database. PostgreSQL never logs the table, so it is in no
    replica and no archive.
    """

    __tablename__ = "recent_act"
    __table_args__ = (Index("recent_act_of", "who", "acted_at"), Index("recent_act_at", "acted_at"))

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    who: str = Field(max_length=64)
    acted_at: datetime = Field(sa_column=Column(Instant, nullable=False))
