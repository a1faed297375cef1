"""流转预览: who gets the work next, and after that, for each way to finish a task.

Worked out on copies of the instance in memory; nothing is written. What depends on what others will do, or
on what only a program will find out, is said to be open instead of guessed (`foreseeing`). What the record of
a whole form decides is found out by doing the task and undoing it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import Connection

from engine.clock import today
from engine.people.persons import Person
from engine.people.rights import may, stood_in_for
from engine.runtime.engine import Engine
from engine.runtime.instances.suspending import why_it_stands
from engine.runtime.setup import Actor
from engine.runtime.steps.rows import read_instance
from engine.runtime.steps.step import RUNNING, look_at
from engine.verbs import rules
from engine.verbs.door import preview
from engine.verbs.effects import Work
from engine.verbs.refusals import Closed, NotAllowed, Refusal
from engine.verbs.showing.above import goes_on_above
from engine.verbs.showing.foreseeing import Foreseeing, Stop, name_of_place
from engine.verbs.showing.form import record_of, task_form
from engine.verbs.showing.seeing import open_item
from engine.verbs.signers.signatures import Signing, signing_of
from engine.verbs.visit import Request, Visit, thing_of
from engine.verbs.working.choosing import next_handlers
from engine.work.bindings import FormCheckRequest, FormData
from engine.work.chosen import Chosen
from engine.work.placing import Place

Sure = Literal["whole", "form", "nothing"]
"""What is known of the form: all of it, all but what is still wrong in it, nothing (a record stores it)."""


@dataclass(frozen=True)
class Route:
    """Where one outcome leads: the stops that follow at once, each with those after it."""

    outcome: str
    label: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Intended:
    """What the person means to send: the form as it stands, and whom they choose for later steps."""

    fields: FormData = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    next_handlers: Mapping[str, str] = field(default_factory=dict)


def routes(engine: Engine, person: Person, item_id: str, intended: Intended) -> list[Route]:
    """The route of every outcome of an open task. Raises a `Refusal` for who may not act on it."""
    with engine.database.read() as connection:
        item = open_item(connection, person, item_id)
        if not may(person, "act_item", thing_of(item)):
            raise NotAllowed("您可以查看这项任务，但流转预览只给办理人看。")
        row = read_instance(connection, item.instance_id)
        if row.status != RUNNING:
            raise Closed(why_it_stands(connection, row.id, zone=engine.setup.zone) or "流程不在办理中。")
        step = look_at(engine.setup, connection, row, actor=Actor(person.id, person.name))
        asked = Request(version=item.lock_version, next_handlers=intended.next_handlers)
        visit = Visit(engine.setup, connection, person, item, step, asked)
        visit.standing = stood_in_for(person, "act_item", thing_of(item))
        data, sure = _data(visit, intended)
        signing, chosen = signing_of(visit), _chosen(visit)
        found = [
            Route(one.key, one.label, _stops(visit, one.key, data, sure, signing, chosen))
            for one in rules.outcomes(visit.element)
        ]
        recorded = record_of(engine.setup, visit.element) is not None
    return [_found_out(engine, person, visit, one, intended) if recorded else one for one in found]


def _found_out(engine: Engine, person: Person, visit: Visit, route: Route, intended: Intended) -> Route:
    """The route as the task would go if it were done with this form; unchanged while that is not possible."""
    if any(stop.kind != "open" for stop in route.stops):
        return route
    verb = "register_for" if rules.registers_for(visit.element) else "complete"
    asked = Request(
        version=visit.item.lock_version,
        outcome=route.outcome,
        fields=intended.fields,
        files=intended.files,
        next_handlers=intended.next_handlers,
    )
    try:
        effect = preview(engine, person, visit.item.id, verb, asked)
    except Refusal:
        return route
    with engine.database.read() as connection:
        if effect.status != RUNNING:
            then = goes_on_above(engine.setup, connection, visit.step.row)
            return replace(route, stops=(Stop("end", "", "办结", then),))
        if not effect.opened or any(place.kind == "job" for place in effect.arrives):
            return route
        return replace(route, stops=tuple(_who_gets(engine, connection, visit, one) for one in effect.opened))


def _who_gets(engine: Engine, connection: Connection, visit: Visit, work: Work) -> Stop:
    lies = Place(None if work.post_key else work.assignee_id, work.unit_id, work.post_key)
    day = today(engine.clock, engine.setup.zone)
    who = name_of_place(connection, lies, on=day, cycle_id=visit.item.cycle_id)
    return Stop("user", work.element_id, work.step, (who,))


def _stops(
    visit: Visit, outcome: str, data: FormData, sure: bool, signing: Signing | None, chosen: list[Chosen]
) -> tuple[Stop, ...]:
    variables = {**data, "outcome": outcome}
    if signing is not None:
        leads = signing.leads_to[outcome]
        if leads == "stays":
            return (Stop("mine", visit.element.id, visit.element.name, ("任务仍在您名下",)),)
        if leads == "waits":
            return (Stop("signers", visit.element.id, visit.element.name, _waited_for(signing)),)
        variables["vote"] = _vote(signing, passed=leads == "passes")
    known = frozenset(variables) if sure else frozenset({"outcome", "vote"})
    first = outcome == rules.outcomes(visit.element)[0].key
    back = visit.item.back_to if first else None
    seeing = Foreseeing(visit.setup, visit.connection, visit.step.row, visit.step.actor, chosen)
    return seeing.after(visit.item.wait_key, variables, known=known, sure=sure, back_to=back)


def _data(visit: Visit, intended: Intended) -> tuple[FormData, bool]:
    """The variables that the form would give as it stands now, and whether they are all known."""
    context = visit.step.context(visit.element.id, token=visit.wait.token, unit_id=visit.item.unit_id)
    form = task_form(visit.setup, visit.step.version, visit.element, context)
    if form is None:
        return {}, True
    if record_of(visit.setup, visit.element) is not None:
        return {}, False
    checked = visit.setup.bindings.check_form(
        FormCheckRequest(
            form=form.content,
            form_version=form.version_id,
            data=intended.fields,
            stored=form.stored,
            context=context.variables,
            readonly=form.readonly,
            files=intended.files,
            today=context.today,
            functions=context.functions,
        )
    )
    return checked.data, not checked.errors


def _vote(signing: Signing, *, passed: bool) -> dict[str, object]:
    return {
        "passed": passed,
        "approvals": signing.approvals + passed,
        "rejections": signing.rejections + (not passed),
        "signers": len(signing.signers),
    }


def _waited_for(signing: Signing) -> tuple[str, ...]:
    left = [line for line in signing.signers if line.state != "signed" and not line.mine]
    return tuple(line.person or " · ".join(part for part in (line.unit, line.post) if part) for line in left)


def _chosen(visit: Visit) -> list[Chosen]:
    """Whom the person means to choose, as far as they are offered."""
    return [
        Chosen(offer.element_id, one.candidate, one.name)
        for offer in next_handlers(visit)
        for one in offer.offered
        if visit.request.next_handlers.get(offer.element_id) == one.key
    ]
