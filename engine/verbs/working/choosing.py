"""选择下一办理人: who may be chosen for which later step (`bihuan:nextHandler`), and the check of a choice.

What is offered is worked out anew when the step is done: a person who has gone since is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.handlers import HandlerChoice, handler_choices
from engine.bpmn.votes import steps_apart
from engine.store import Queries
from engine.verbs.refusals import Invalid
from engine.verbs.visit import Visit
from engine.work.apart import handlers_of
from engine.work.bindings import FieldError
from engine.work.chosen import Chosen, as_text
from engine.work.routing import Candidate, candidate_of

QUERIES = Queries(Path(__file__).with_name("choosing.sql"))


@dataclass(frozen=True)
class Offered:
    """One who may be chosen: `key` is a person's id, or a post as `<unit id>#<post key>`."""

    key: str
    name: str
    candidate: Candidate


@dataclass(frozen=True)
class NextHandlers:
    """The choice for one later step; without choosing, the diagram decides."""

    element_id: str
    step: str
    offered: tuple[Offered, ...]


def next_handlers(visit: Visit) -> list[NextHandlers]:
    """What the step offers to choose, by later step; nothing is asked where the diagram offers none."""
    return [_offer(visit, choice) for choice in handler_choices(visit.element.properties)]


def chosen_text(visit: Visit) -> str | None:
    """What the person chose, as the history keeps it. Raises `Invalid` for who was not offered."""
    asked: Mapping[str, str] = {step: key for step, key in visit.request.next_handlers.items() if key}
    offers = {one.element_id: one for one in next_handlers(visit)} if asked else {}
    chosen, errors = [], []
    for element_id, key in asked.items():
        offer = offers.get(element_id)
        found = next((one for one in offer.offered if one.key == key), None) if offer else None
        if found is None:
            step = f"“{offer.step}”" if offer else f"“{element_id}”"
            said = f"不能把{step}交给所选的人：请从列出的人选中选择，或按流程图办理。"
            errors.append(FieldError(f"next_handlers.{element_id}", "not_offered", said))
        else:
            chosen.append(Chosen(element_id, found.candidate, found.name))
    if errors:
        raise Invalid(errors[0].message, errors=tuple(errors))
    return as_text(chosen)


def _offer(visit: Visit, choice: HandlerChoice) -> NextHandlers:
    target = visit.step.version.element(choice.element_id)
    said = visit.step.execution.evaluate(visit.wait.token, choice.candidates)
    meant = [candidate_of(target, one, claim_first=False) for one in _flat(said) if one is not None]
    apart = _apart(visit, target.properties)
    named = [one for one in dict.fromkeys(meant) if one.user_id not in apart]
    names = _names(visit.connection, named)
    offered = [Offered(key_of(one), names[one], one) for one in named if one in names]
    return NextHandlers(target.id, target.name or target.id, tuple(offered))


def key_of(candidate: Candidate) -> str:
    """What stands for a candidate in a form and in REST."""
    return candidate.user_id or f"{candidate.unit_id}#{candidate.post_key}"


def _apart(visit: Visit, properties: Mapping[str, str]) -> frozenset[str | None]:
    """Who must not do the later step (`bihuan:distinct`): earlier handlers, and who does this step now."""
    names = steps_apart(properties)
    steps = [one for name in names for one in visit.step.row.visits.names_of(name)]
    if not names:
        return frozenset()
    now = {visit.person.id, visit.holder_id} if visit.element.id in names else set()
    return frozenset(handlers_of(visit.connection, visit.item.instance_id, steps) | now)


def _names(connection: Connection, candidates: list[Candidate]) -> dict[Candidate, str]:
    """The names of those who are there: active people, posts that exist."""
    found: dict[Candidate, str] = {}
    for one in candidates:
        if one.user_id is not None:
            row = QUERIES.row(connection, "active_person", id=one.user_id)
        else:
            row = QUERIES.row(connection, "post_at_unit", unit_id=one.unit_id, post_key=one.post_key)
        if row is not None:
            found[one] = " · ".join(part for part in (row["place"], row["name"]) if part)
    return found


def _flat(said: object) -> list[object]:
    return [one for part in said for one in _flat(part)] if isinstance(said, list) else [said]
