"""People, their accounts and posts as REST calls send and receive them."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

Text = Field(default="", max_length=200)


class PersonLine(BaseModel):
    """A row of the list of people; `seats` says unit and post in words."""

    id: str
    name: str
    login: str
    phone: str
    active: bool
    seats: list[str]


class PostHeld(BaseModel):
    """A post that somebody holds, will hold or held: `unit_id` is where they sit."""

    id: str
    unit_id: str
    unit: str
    post: str
    post_name: str
    from_on: date
    until_on: date | None
    primary: bool


class Account(BaseModel):
    """One person: the account, and every post ever held."""

    id: str
    login: str
    name: str
    phone: str
    email: str
    active: bool
    must_change_password: bool
    created_at: datetime
    posts: list[PostHeld]


class NewAccount(BaseModel):
    """An account to be opened, with its first post, held from today."""

    login: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=100)
    unit_id: str = Field(max_length=36)
    post: str = Field(max_length=60)
    phone: str = Text
    email: str = Text

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "login": "li.si",
                "name": "李四",
                "unit_id": "01a2…",
                "post": "liaison",
                "phone": "8765",
            }
        },
    )


class MadeAccount(BaseModel):
    """A new account; the one-time password is told this once."""

    id: str
    login: str
    name: str
    one_time_password: str


class AccountChange(BaseModel):
    """What is to be changed; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    phone: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=200)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"phone": "87654321"}})


class OneTimePassword(BaseModel):
    """A one-time password, told this once; to be changed at the first log-in."""

    one_time_password: str


class Activity(BaseModel):
    """Whether an account may be used."""

    active: bool

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"active": False}})


class NewPost(BaseModel):
    """A post at a unit; without `from_on` from today, without `until_on` for good."""

    unit_id: str = Field(max_length=36)
    post: str = Field(max_length=60)
    from_on: date | None = None
    until_on: date | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"unit_id": "01a2…", "post": "liaison", "from_on": "2018-03-01"}},
    )


class Imported(BaseModel):
    """What an import did; one-time passwords of new people are told this once."""

    units_added: list[str]
    units_changed: list[str]
    people_added: list[MadeAccount]
    people_changed: list[str]
    appointments: int


class Grant(BaseModel):
    """One right of a post: the act, and how far it reaches."""

    act: str
    reach: str
    cycle_id: str | None


class Post(BaseModel):
    """A post that diagrams name, what it may do, and how many people hold it today."""

    key: str
    name: str
    name_en: str
    rank: int
    duty: str
    seat: str
    separation: str
    grants: list[Grant]
    holders: int


class AuditEntry(BaseModel):
    """One act of an administrator; `act_name` says it in words, `number` is its place on the chain."""

    number: int
    happened_at: datetime
    actor_id: str | None
    actor: str
    act: str
    act_name: str
    subject_id: str
    subject: str
    unit_id: str | None
    note: str


class Audit(BaseModel):
    """A page of acts, newest first; `broken`: why the chain does not hold, null when it does."""

    items: list[AuditEntry]
    next: str | None
    broken: str | None
