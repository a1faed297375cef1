"""What REST calls about notices outside the page take and give."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from engine.runtime.notices.kinds import Kind
from engine.runtime.notices.rules import How


class WishHabit(BaseModel):
    """When one may be told; times as HH:MM, quiet hours with both ends or none."""

    quiet_from: str = Field(max_length=5)
    quiet_until: str = Field(max_length=5)
    digest_time: str = Field(max_length=5)
    working_days: bool


class NoticeWay(BaseModel):
    """A channel: where it reaches the caller (keys in part), whether an address of one's own may be given."""

    channel: str
    name: str
    reaches: str
    own: bool
    verified: bool
    waiting_for_code: bool


class WishChosen(BaseModel):
    """What holds for one kind on one channel; `chosen` is false where nothing was chosen."""

    kind: Kind
    channel: str
    how: How
    chosen: bool = True


class WishesSeen(BaseModel):
    """All that holds for the caller."""

    ways: list[NoticeWay]
    wishes: list[WishChosen]
    habit: WishHabit


class WishesSent(BaseModel):
    """What the caller wishes, in place of all before; nothing at all: what is usual."""

    wishes: list[WishChosen] = Field(default=[], max_length=2000)
    habit: WishHabit | None = None
    model_config = ConfigDict(json_schema_extra={"example": {"wishes": []}})


class AddressSent(BaseModel):
    """An address of one's own, to which a code is sent."""

    address: str = Field(default="", max_length=200)
    model_config = ConfigDict(json_schema_extra={"example": {"address": "zhang.ling@hz.example"}})


class CodeSent(BaseModel):
    """The code that came."""

    code: str = Field(default="", max_length=20)
    model_config = ConfigDict(json_schema_extra={"example": {"code": "123456"}})


class DeliverySeen(BaseModel):
    """One delivery, without what it says. `state`: waiting, sending, failing, sent, needless."""

    id: str
    kind: str
    channel: str
    how: str
    person: str
    login: str
    recipient: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str


class OutletSeen(BaseModel):
    """One way out of the house, without secrets. `key` is empty where it is not set up."""

    key: str
    name: str
    kind: str
    where: str
    failing: bool
    sent_at: datetime | None
    failed_at: datetime | None
    last_error: str


class OutletTried(BaseModel):
    """By which way a test goes."""

    key: str = Field(default="", max_length=100)
    model_config = ConfigDict(json_schema_extra={"example": {"key": "mail"}})


class TodoReceiver(BaseModel):
    """Somebody who has the item."""

    login: str
    name: str


class TodoSeen(BaseModel):
    """One entry of an outside to-do centre as it was pushed last. Of two versions the higher one counts."""

    id: str
    version: int
    receivers: list[TodoReceiver]
    title: str
    step: str
    url: str
    due_on: str | None
    returned: bool
    changed_at: datetime
