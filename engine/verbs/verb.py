"""The one shape of every verb: upon a task (`Verb`), or upon a whole instance (`InstanceVerb`).

`run` does it inside the door's transaction. What it leads to is never told by a second piece of code: the
door does it, looks at what has changed, and undoes it (`engine.verbs.rehearsing`). `tell` adds sentences
that no row shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sqlalchemy import Connection

from engine.clock import today
from engine.people.persons import Person
from engine.people.rights import Thing, may
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.step import Step, look_at
from engine.verbs.visit import Request, Visit, thing_of
from engine.work.items import Item


def _always(_given: object) -> bool:
    return True


def _free(_given: object) -> str:
    return ""


def _nothing(_given: object) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Verb:
    """A verb upon a task: its key, what people call it, the right it needs, and what it does.

    `offered`: whether the step, as it stands and as it was drawn, has room for it. `also`: who may do it
    besides those with the right. `while_waiting`: also with a task that waits for others; `when_asked`: also
    with one on which the person was asked (委派).
    """

    key: str
    name: str
    act: str
    run: Callable[[Visit], None]
    offered: Callable[[Visit], bool] = _always
    also: Callable[[Person, Item], bool] | None = None
    tell: Callable[[Visit], tuple[str, ...]] = _nothing
    while_waiting: bool = False
    when_asked: bool = False

    def allows(self, person: Person, item: Item) -> bool:
        """Whether the person has the right to it, whatever the step says."""
        if may(person, self.act, thing_of(item)):
            return True
        return self.also is not None and self.also(person, item)


@dataclass
class Matter:
    """One verb on one instance, inside one transaction; the row is locked, `step` loads it when asked.

    A verb upon an instance writes history, tokens and audit itself: not all of them run the diagram.
    """

    setup: Setup
    connection: Connection
    person: Person
    row: InstanceRow
    request: Request
    hold: Mapping[str, Exception] = field(default_factory=dict)
    rehearsal: bool = False
    """The verb is done to be looked at, then undone: a reason may still be missing."""
    _step: Step | None = field(default=None, repr=False)

    @property
    def actor(self) -> Actor:
        """The person as the step's actor."""
        return Actor(self.person.id, self.person.name)

    @property
    def today(self) -> date:
        """The civil date."""
        return today(self.setup.clock, self.setup.zone)

    @property
    def thing(self) -> Thing:
        """The instance as the rights see it."""
        row = self.row
        return Thing(
            unit_id=row.subject_unit_id,
            assessor_id=row.assessor_id,
            cycle_id=row.cycle_id,
            process_key=row.process_key,
        )

    @property
    def loaded(self) -> Step | None:
        """The instance in memory, if the verb has asked for it."""
        return self._step

    @property
    def step(self) -> Step:
        """The instance in memory, whatever its status; the same one every time."""
        if self._step is None:
            self._step = look_at(self.setup, self.connection, self.row, actor=self.actor, hold=self.hold)
        return self._step


class Allowed(Protocol):
    """Who may do a verb upon an instance: a rule of its own each (the initiator, the office, anybody)."""

    def __call__(self, person: Person, row: InstanceRow) -> bool: ...


@dataclass(frozen=True)
class InstanceVerb:
    """A verb upon an instance. `allowed`: who may do it, without further sight of the instance; None for
    whoever may see it. `whose` says in a refusal by whom it is done: `由考评办办理`.

    `run` gives an optional sentence about what became of it. `against` says why it cannot be done now, and
    what can; "" when it can. `reason`: whether one must be given. `shown`: whether pages offer it as an act
    of its own, with a page that shows its effect first.
    """

    key: str
    name: str
    allowed: Allowed | None
    whose: str
    run: Callable[[Matter], str]
    against: Callable[[Matter], str] = _free
    tell: Callable[[Matter], tuple[str, ...]] = _nothing
    reason: bool = True
    shown: bool = True

    def allows(self, person: Person, row: InstanceRow) -> bool:
        """Whether the person, who sees the instance, has the right to it."""
        return self.allowed is None or self.allowed(person, row)

    def shows(self, person: Person, row: InstanceRow) -> bool:
        """Whether the right to it lets the person see the instance at all."""
        return self.allowed is not None and self.allowed(person, row)
