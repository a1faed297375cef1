"""What stands beside a task, as REST calls send and receive it: routes, comments, phrases, signatures."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.rest.form_fields import FormFields


class Candidate(BaseModel):
    """One who may be chosen: `key` goes into `next_handlers` (a person's id, or `<unit id>#<post key>`)."""

    key: str
    name: str


class NextHandlers(BaseModel):
    """For which later step the doer may choose, and among whom; without a choice the diagram decides."""

    element: str
    step: str
    offered: list[Candidate]


class Intended(BaseModel):
    """The form as it stands, and whom one means to choose: nothing is submitted."""

    fields: FormFields = {}
    next_handlers: dict[str, str] = {}

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"fields": {"value": "49"}}})


class Stop(BaseModel):
    """Where the work comes to. `open`: it cannot be known yet, and `who` says why.

    `assumed`: the outcome under which `then` follows.
    """

    kind: Literal["user", "signers", "mine", "children", "waiting", "join", "end", "open"]
    element: str
    name: str
    who: list[str]
    assumed: str
    then: list["Stop"]


class Route(BaseModel):
    """Where one outcome leads."""

    outcome: str
    label: str
    stops: list[Stop]


class Comment(BaseModel):
    """A comment in its newest wording; `text` is null once it was erased. `wordings`: how many there were."""

    id: str
    person: str
    written_at: datetime
    text: str | None
    mentioned: list[str]
    wordings: int
    edited_at: datetime
    erased_by: str


class Wording(BaseModel):
    """One wording of a comment."""

    number: int
    text: str | None
    written_at: datetime


class Words(BaseModel):
    """What is said; `@` and a name or a login tells that person, who must be allowed to see the instance."""

    text: str = Field(max_length=4000)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"text": "@张玲 第三行请再核"}})


class Made(BaseModel):
    """What was made."""

    id: str


class Phrase(BaseModel):
    """常用意见. `scope`: own, a unit's, everybody's; `id` is empty for what comes with the product."""

    id: str
    scope: Literal["own", "unit", "all"]
    unit: str
    use: Literal["opinion", "return"]
    content: str
    may_change: bool


class NewPhrase(BaseModel):
    """A phrase to be kept; `owner` is empty for one's own, else a unit's id, or `all`."""

    owner: str = Field(default="", max_length=36)
    use: Literal["opinion", "return"] = "opinion"
    content: str = Field(max_length=1000)

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"content": "同意，按程序办理。"}}
    )


class PhraseChange(BaseModel):
    """What shall be different: the words, the place."""

    content: str | None = Field(default=None, max_length=1000)
    up: bool = False

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"content": "同意。"}})


class Signature(BaseModel):
    """One of one's own signatures; `address` is where the picture is."""

    id: str
    made: Literal["drawn", "uploaded"]
    media_type: str
    size: int
    created_at: datetime
    address: str


class Signing(BaseModel):
    """One task of several to be signed at once, as it was looked through."""

    id: str = Field(max_length=36)
    version: int
    opinion: str = Field(default="", max_length=8000)

    model_config = ConfigDict(extra="forbid")


class SeveralSigned(BaseModel):
    """Several tasks, each to be finished with its step's approving outcome; a signature where wanted."""

    items: list[Signing] = Field(min_length=1, max_length=50)
    signature: str = Field(default="", max_length=36)

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"items": [{"id": "01a2…", "version": 1}]}}
    )


class Signed(BaseModel):
    """What became of one of them: signed, or refused with the sentence why."""

    id: str
    done: bool
    code: str
    message: str
