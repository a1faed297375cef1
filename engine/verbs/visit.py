"""What a verb is given: the person, the open item, its place in the diagram, and the step it happens in."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.bpmn.model import Element
from engine.people.persons import Person
from engine.runtime.setup import Setup
from engine.runtime.step import Step
from engine.verbs.refusals import Closed
from engine.work.bindings import FormData
from engine.work.items import Doing, Item, event_row, write_events, write_text

MOST_OPINION = 4000
"""The longest opinion, in characters."""


@dataclass(frozen=True)
class Request:
    """What the person sent. `version` is the item's version that the person saw."""

    version: int
    outcome: str = ""
    opinion: str = ""
    fields: FormData = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    target: str = ""
    straight_back: bool = True
    idempotency_key: str = ""


@dataclass
class Visit:
    """One verb on one item, inside one transaction."""

    setup: Setup
    connection: Connection
    person: Person
    item: Item
    step: Step
    request: Request

    @property
    def element(self) -> Element:
        """The user task as it was drawn."""
        return self.step.version.element(self.item.element_id)

    @property
    def wait(self) -> Wait:
        """What the instance waits for here. Raises `Closed` when it does no longer."""
        found = self.step.before.get(self.item.wait_key)
        if found is None:
            raise Closed("此任务已经结束。")
        return found

    def write_opinion(self, text: str, *, kind: str = "opinion") -> str | None:
        """Store the person's words apart; None when there are none."""
        if not text.strip():
            return None
        return write_text(
            self.connection,
            cycle_id=self.item.cycle_id,
            instance_id=self.item.instance_id,
            kind=kind,
            content=text.strip(),
        )

    def record(self, doing: Doing) -> None:
        """Write one history row for this item."""
        row = event_row(self.item.__dict__, doing, at=self.step.at)
        write_events(self.connection, [row])
        self.step.events.append(row)

    def doing(self, verb: str, **said: str | None) -> Doing:
        """A history entry by this person."""
        return Doing(verb, person_id=self.person.id, person_name=self.person.name, **said)  # type: ignore[arg-type]
