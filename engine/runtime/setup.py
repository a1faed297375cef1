"""What the engine was started with; handed to everything that runs a step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.clock import ZONE, Clock
from engine.jobs.queue import USUAL, Backoff, Queue
from engine.people.calendar import Calendars
from engine.runtime.definitions.versions import Definitions
from engine.runtime.housekeeping.sweeping import Keeping
from engine.runtime.notices.rules import NoticeRules
from engine.store import Database
from engine.work.bindings import Bindings


@dataclass(frozen=True)
class Setup:
    """Database, clock, registered Python, queue, definitions and calendars of one process."""

    database: Database
    clock: Clock
    bindings: Bindings
    queue: Queue
    definitions: Definitions
    calendars: Calendars
    zone: str = ZONE
    backoff: Backoff = USUAL
    senders: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    """Who hands letters of a kind (mail, webhook) to the world outside: `outbox.Sender`."""
    send_attempts: int = 8
    notices: NoticeRules = field(default_factory=NoticeRules)
    """How people are told outside the page."""
    keeping: Keeping = field(default_factory=Keeping)
    """What the house does by itself; without it, nothing."""


@dataclass(frozen=True)
class Cycle:
    """One assessor's year, as the engine sees it: an opaque id and what diagrams may read."""

    id: str
    year: int
    profile: str
    run_mode: str
    assessor_id: str
    assessor_name: str

    def variables(self) -> dict[str, object]:
        """The variables that every instance starts with."""
        assessor = {"id": self.assessor_id, "name": self.assessor_name}
        return {
            "cycle": {
                "id": self.id,
                "year": self.year,
                "profile": self.profile,
                "runMode": self.run_mode,
                "assessor": assessor,
            },
            "assessor": assessor,
        }


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, or the engine itself (no id)."""

    person_id: str | None = None
    name: str = "系统"


ENGINE = Actor()
