"""How an installation tells people: its channels, what may pass quiet hours, and what holds unless wished."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Literal

from sqlalchemy import Connection

from engine.runtime.definitions.versions import Definitions
from engine.runtime.notices.kinds import Kind
from engine.store import Row

How = Literal["now", "digest", "off"]
Field = Literal["email", "phone", "login", "address"]
MAIL = "mail"


@dataclass(frozen=True)
class Channel:
    """A way out of the house. `letter` is the kind of its letters, `field` whose value addresses a person.

    `address` is entered by the person and counts once it is verified; for mail it goes before the account's.
    """

    key: str
    name: str
    letter: str
    field: Field

    @property
    def own(self) -> bool:
        """Whether a person may enter an address of their own."""
        return self.field in ("email", "address")


@dataclass(frozen=True)
class Habit:
    """When a person may be told. The values here are an assumption where nobody chose any."""

    quiet_from: str = "22:00"
    quiet_until: str = "07:00"
    digest_time: str = "08:30"
    working_days: bool = True


@dataclass(frozen=True)
class Told:
    """One notice as its words are made of it: like a row of `notification`."""

    kind: str
    params: Mapping[str, Any]
    item_id: str | None
    instance_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class Words:
    """A letter's subject and text."""

    subject: str
    text: str


@dataclass(frozen=True)
class Occasion:
    """For whom words are made: their unit's id, whether it is the daily digest; `definitions` give names."""

    definitions: Definitions
    digest: bool
    home: str | None


Wording = Callable[[Connection, Sequence[Told], Occasion], Words]
"""Makes the words of a letter."""


def plain_words(connection: Connection, told: Sequence[Told], occasion: Occasion) -> Words:
    """The words where no pages are at hand to say it better."""
    lines = [f"{one.kind}: {one.params.get('notice') or one.params.get('subject', '')}" for one in told]
    return Words(
        lines[0] if len(lines) == 1 and not occasion.digest else f"{len(lines)} notices", "\n".join(lines)
    )


class Turn:
    """Something that is done now and then, by each process for itself."""

    def __init__(self, every: timedelta = timedelta(minutes=5)) -> None:
        self._every = every.total_seconds()
        self._last: float | None = None

    def has_come(self) -> bool:
        """Whether it is time; then the next time is so much later. Not at once: nobody starts with it."""
        now = monotonic()
        if self._last is None:
            self._last = now
        if now - self._last < self._every:
            return False
        self._last = now
        return True


TodoWords = Callable[[Connection, Definitions, Row], Mapping[str, object]]
"""The title, step and address by which an outside to-do centre shows an item."""


def plain_todo(connection: Connection, definitions: Definitions, item: Row) -> Mapping[str, object]:
    """What can be said without pages."""
    return {"title": item["subject_name"], "step": item["element_id"], "url": ""}


def nobody_is_silent(connection: Connection, cycle_ids: Collection[str]) -> set[str]:
    """No cycle is a trial."""
    return set()


@dataclass(frozen=True)
class NoticeRules:
    """What the administrator set. `passes` are kinds that quiet hours and days off do not hold.

    `silent` says which of some cycles are trials, of which nothing leaves the house.
    """

    channels: Mapping[str, Channel] = field(default_factory=dict)
    passes: frozenset[str] = frozenset({"incident"})
    attempts: int = 60
    wording: Wording = plain_words
    silent: Callable[[Connection, Collection[str]], set[str]] = nobody_is_silent
    habit: Habit = Habit()
    todo: str = ""
    todo_words: TodoWords = plain_todo
    """`todo` is the webhook of an outside to-do centre, empty: there is none; `todo_words` what it shows."""
    comparing: Turn = field(default_factory=Turn)
    """When this process compares the whole to-do centre again."""

    def usual(self, kind: Kind, channel: str) -> How:
        """What holds for who chose nothing: an assumption.

        Mail tells at once what waits for a person's own act, and the rest in the daily digest. Other
        channels, which ring in a pocket, tell at once what is pressing and nothing else.
        """
        if channel == MAIL:
            return "now" if kind in AT_ONCE_BY_MAIL else "digest"
        return "now" if kind in AT_ONCE_ELSEWHERE else "off"


AT_ONCE_BY_MAIL: frozenset[str] = frozenset({"returned", "urged", "overdue", "mentioned", "incident"})
AT_ONCE_ELSEWHERE: frozenset[str] = frozenset({"returned", "urged", "overdue"})
