"""On whose desk a step's work items lie, until when, and who must not act on them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from engine.bpmn.execution import Wait
from engine.bpmn.model import Element
from engine.bpmn.own_approval import keeps_initiator_away
from engine.bpmn.votes import steps_apart
from engine.ids import new_id
from engine.runtime.functions import Begun, initiator
from engine.runtime.steps.matters import MATTER, matter_of
from engine.runtime.steps.step import Returned, Step
from engine.runtime.time import DueDate, due_date
from engine.store import Row
from engine.work.apart import handlers_of
from engine.work.items import NEVER, rank_of
from engine.work.placing import Place, place_of, tell
from engine.work.routing import Candidate
from engine.work.searching import search_text


@dataclass(frozen=True)
class Desk:
    """One visit of a user task whose items are opened. `apart` are people who must not act here;
    `returned` says how it was sent back."""

    step: Step
    key: str
    wait: Wait
    element: Element
    round: int
    due: DueDate | None
    apart: frozenset[str]
    returned: Returned | None = None

    def evaluate(self, text: str) -> Any:
        """The diagram's text in the task's scope."""
        return self.step.execution.evaluate(self.wait.token, text)


def desk_of(
    step: Step, key: str, wait: Wait, *, round_number: int | None = None, returned: Returned | None = None
) -> Desk:
    """The desk of a step that begins, `returned` if it was sent back; or goes on in its round, which need not
    be the newest (撤回)."""
    element = step.version.element(wait.element)
    due = None
    if element.due_date:
        value = step.execution.evaluate(wait.token, element.due_date)
        due = due_date(value, now=step.at, zone=step.setup.zone)
    steps = [name for one in steps_apart(element.properties) for name in step.row.visits.names_of(one)]
    apart = handlers_of(step.connection, step.row.id, steps)
    if keeps_initiator_away(element.properties) and (began := began_by(step)):
        apart |= {began}
    round_number = round_number or step.row.visits.round_of(element.id)
    return Desk(step, key, wait, element, round_number, due, apart, returned)


def began_by(step: Step) -> str | None:
    """Who began the instance, or the one that called it; None when no person did."""
    return initiator(step.connection, Begun(step.row.started_by, step.row.root_id))


def open_item(desk: Desk, candidate: Candidate, *, without: Collection[str] = ()) -> Row:
    """One more item of the step, for `candidate` or who answers instead; it is written when the step ends.

    People in `without` and those whom the diagram keeps apart do not get it.
    """
    step = desk.step
    kept = desk.apart | frozenset(without)
    place = open_place(desk, candidate, without=without)
    row = item_row(desk, candidate) | placed(step, candidate, place)
    step.opened.append(row)
    step.apart += [{"item_id": row["id"], "person_id": person} for person in sorted(kept)]
    if place.notice:
        tell(step.connection, row, place, kind="vacant", text=place.notice, at=step.at)
    return row


def open_place(desk: Desk, candidate: Candidate, *, without: Collection[str] = ()) -> Place:
    """Where an item of the step for `candidate` lies now."""
    step = desk.step
    return place_of(
        step.connection,
        candidate,
        on=step.today,
        cycle_id=step.row.cycle_id,
        answers_unit_id=answers_for(step),
        without=desk.apart | frozenset(without),
    )


def meant_by(step: Step, candidate: Candidate) -> Row:
    """Whom the diagram means, as an item's or signer's columns."""
    personal = candidate.user_id is not None
    return {
        "meant_user_id": candidate.user_id,
        "meant_unit_id": answers_for(step) if personal else candidate.unit_id,
        "meant_post_key": candidate.post_key,
    }


def placed(step: Step, candidate: Candidate, place: Place) -> Row:
    """Who gets the item, and whom the diagram means: not the same while a post is vacant."""
    at = {"unit_id": place.unit_id, "post_key": place.post_key, "assignee_id": place.user_id}
    return at | meant_by(step, candidate)


def answers_for(step: Step) -> str | None:
    """The unit whose head answers for work of one person: the one it is about, else the assessor."""
    return step.row.subject_unit_id or step.row.assessor_id


def item_row(desk: Desk, who: Candidate) -> Row:
    """The columns of an item of the step for `who`, but where it lies."""
    step, element, due = desk.step, desk.element, desk.due
    instance = step.row
    own = element.properties.get(MATTER)
    matter = matter_of(desk.evaluate(own)) if own else instance.matter
    names = (instance.subject_name, matter, element.name, step.version.drawn.name)
    priority = int(element.priority) if element.priority and element.priority.isdigit() else 50
    return {
        "id": new_id(),
        "cycle_id": instance.cycle_id,
        "year": instance.year,
        "assessor_id": instance.assessor_id,
        "instance_id": instance.id,
        "root_id": instance.root_id,
        "definition_version_id": instance.definition_version_id,
        "process_key": instance.process_key,
        "element_id": element.id,
        "wait_key": desk.key,
        "round": desk.round,
        "subject_unit_id": instance.subject_unit_id,
        "subject_name": instance.subject_name,
        "matter": matter,
        "claim_first": who.claim_first,
        "priority": priority,
        "rank": rank_of(priority),
        "due_on": due.on if due else None,
        "due_at": due.at if due else None,
        "order_at": due.at if due else NEVER,
        "created_at": step.at,
        "from_name": step.sent_by,
        "purpose": "",
        **returned_columns(desk.returned),
        "search_text": search_text(*names),
        "lock_version": 1,
    }


def returned_columns(returned: Returned | None) -> Row:
    """What an item says of having been sent back."""
    return {
        "returned_from": returned.from_element if returned else None,
        "return_reason_id": returned.reason_id if returned else None,
        "back_to": returned.from_element if returned and returned.straight_back else None,
    }
