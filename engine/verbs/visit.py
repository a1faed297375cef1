"""What a verb is given: the person, the open item, its place in the diagram, and the step it happens in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from engine.audit.covering import digest_of_words
from engine.bpmn.execution import Wait
from engine.bpmn.model import Element
from engine.people.nearby import Question
from engine.people.persons import Person, StandingIn
from engine.people.rights import Concern, Thing
from engine.runtime.setup import Setup
from engine.runtime.steps.desks import Desk, desk_of
from engine.runtime.steps.step import Returned, Step
from engine.store import Row
from engine.verbs.refusals import Closed, Invalid
from engine.work.bindings import FieldError, FormData, StepContext
from engine.work.items import Doing, Item, event_row, text_row, write_events, write_texts

MOST_OPINION = 4000
"""The longest opinion, in characters."""


def thing_of(item: Item) -> Thing:
    """An item as the rights see it."""
    concern = Concern(holder_id=item.assignee_id, unit_id=item.unit_id, post_key=item.post_key)
    return Thing(
        unit_id=item.subject_unit_id,
        assessor_id=item.assessor_id,
        cycle_id=item.cycle_id,
        concerns=(concern,),
        process_key=item.process_key,
    )


@dataclass(frozen=True)
class Request:
    """What the person sent. `version` is the item's version that the person saw.

    `opinion` is also the reason of a verb that asks for one; `people` are ids of people or references of
    posts (`<unit id>#<post key>`). `token` names what is moved where several stand (跳转). `meeting`,
    `document` and `decided_on` say where a decision was made that is entered for others (代录). `signature`
    is the id of the picture signed with (手写签名), `next_handlers` names who is chosen for later steps, by
    step.
    """

    version: int = 0
    outcome: str = ""
    opinion: str = ""
    fields: FormData = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    target: str = ""
    token: str = ""
    people: tuple[str, ...] = ()
    straight_back: bool = True
    meeting: str = ""
    document: str = ""
    decided_on: date | None = None
    signature: str = ""
    next_handlers: Mapping[str, str] = field(default_factory=dict)
    idempotency_key: str = ""


@dataclass
class Visit:
    """One verb on one item, inside one transaction; `standing` is who is stood in for (代理), if anybody."""

    setup: Setup
    connection: Connection
    person: Person
    item: Item
    step: Step
    request: Request
    standing: StandingIn | None = None
    texts: list[Row] = field(default_factory=list)
    near: Question | None = None
    """Who holds the posts at the item's unit, as far as that was asked with it."""
    rehearsal: bool = False
    """The verb is done to be looked at, then undone: a reason may still be missing."""

    @property
    def holder_id(self) -> str:
        """Whose the work is: the person's, or who the person stands in for."""
        return self.standing.user_id if self.standing else self.person.id

    @cached_property
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

    @cached_property
    def context(self) -> StepContext:
        """What the step's form and record are given, as it was before the verb."""
        context = self.step.context(self.item.element_id, token=self.wait.token, unit_id=self.item.unit_id)
        return replace(context, round=self.item.round)

    @property
    def desk(self) -> Desk:
        """The desk on which the item lies, in its own round; made anew each time."""
        return desk_of(self.step, self.item.wait_key, self.wait, round_number=self.item.round)

    def reason(self, ask: str) -> str:
        """The person's reason. Raises `Invalid` without one (saying `ask`), or when it is too long."""
        reason = self.request.opinion.strip()
        if not reason and not self.rehearsal:
            raise Invalid(ask, errors=(FieldError("opinion", "required", ask),))
        if len(reason) > MOST_OPINION:
            raise Invalid(f"理由最多 {MOST_OPINION} 字。")
        return reason

    def keep_text(self, text: str, *, kind: str = "opinion") -> str | None:
        """Keep the person's words, or a form, apart; their id, None when there are none."""
        if not text.strip():
            return None
        item = self.item
        row = text_row(cycle_id=item.cycle_id, instance_id=item.instance_id, kind=kind, content=text.strip())
        self.texts.append(row)
        return str(row["id"])

    def record(self, doing: Doing, *, of: Row | None = None) -> None:
        """Write one history row for this item, or for another one of the step (its columns)."""
        write_texts(self.connection, self.texts)
        self.step.words.update((row["id"], digest_of_words(row)) for row in self.texts)
        self.texts.clear()
        row = event_row(self.item.__dict__ if of is None else of, doing, at=self.step.at)
        write_events(self.connection, [row])
        self.step.events.append(row)

    def doing(self, verb: str, **said: str | None) -> Doing:
        """A history entry by this person."""
        other = self.standing
        return Doing(
            verb,
            person_id=self.person.id,
            person_name=self.person.name,
            stood_in_for_id=other.user_id if other else None,
            stood_in_for_name=other.name if other else None,
            **said,  # type: ignore[arg-type]
        )


def sent_back(item: Item) -> Returned | None:
    """How the open task was sent back (退回) to whose it is; None when it was not."""
    if item.returned_from is None:
        return None
    return Returned(item.element_id, item.returned_from, item.return_reason_id, item.back_to is not None)


def in_hand(visit: Visit) -> bool:
    """Whether the item lies with who has it, and not with a group of whom nobody has claimed it yet."""
    return not (visit.item.claim_first and visit.item.assignee_id is None)
