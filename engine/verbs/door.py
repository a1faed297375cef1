"""The one door: every verb of every page, program and test goes through `act`.

Lock the instance → may this person do this now? → check → history → tokens → items → audit → commit.
Nothing is half done: any refusal rolls everything back.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from engine.bpmn.failures import ExecutionFailed
from engine.people.nearby import Nearby, ask_at_item
from engine.people.persons import Person
from engine.people.rights import stood_in_for
from engine.runtime.engine import Engine
from engine.runtime.instances.suspending import why_it_stands
from engine.runtime.setup import Actor
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.rows import Conflict, ask_instance_of_item, ask_variables_of_item
from engine.runtime.steps.step import NotRunning, load_step
from engine.runtime.steps.troubles import Hold, holding_what_fails
from engine.store import Row
from engine.store.outages import outage_of
from engine.verbs.effects import Effect, Looking
from engine.verbs.idempotency import remember, remembered
from engine.verbs.others.separation import check_separation
from engine.verbs.others.standing_in import DECIDING, signature
from engine.verbs.refusals import Broken, Closed, Invalid, NotAllowed, Stale
from engine.verbs.registry import VERBS
from engine.verbs.rehearsing import rehearsed
from engine.verbs.showing.seeing import (
    allow,
    check_fit,
    check_version,
    name_what_is_possible,
    open_item,
    seen,
)
from engine.verbs.verb import Verb
from engine.verbs.visit import Request, Visit, thing_of
from engine.verbs.working import drafts
from engine.work.bindings import FormData
from engine.work.items import ask_item
from engine.work.routing import NobodyAssigned

__all__ = ["VERBS", "Answer", "Opened", "act", "allow", "open_item", "preview", "save_draft"]
T = TypeVar("T")
log = structlog.get_logger(__name__)
LOST = (Conflict, psycopg.OperationalError, OperationalError)
"""Nothing was written, or its answer was lost: a second try settles which."""


@dataclass(frozen=True)
class Opened:
    """A task that a verb opened: what and for whom."""

    item_id: str
    element_id: str
    element_name: str
    unit_id: str | None
    post_key: str | None
    assignee_id: str | None


@dataclass(frozen=True)
class Answer:
    """What a verb did: the item, and which tasks are open because of it."""

    item_id: str
    instance_id: str
    verb: str
    outcome: str
    opened: tuple[Opened, ...]
    ended: bool


def act(
    engine: Engine,
    person: Person,
    item_id: str,
    verb: str,
    request: Request,
    *,
    also: Callable[[Connection], None] | None = None,
) -> Answer:
    """Do `verb` with an item. Raises a `Refusal`, or what the database says when it cannot be asked.

    `also` is written in the same transaction; what it raises takes the act back.
    Tries once more when another transaction was faster, or the connection was lost. What the person did is
    kept even where the diagram fails after it: there it is held (`troubles`).
    """
    known = _known(verb)

    def once(hold: Hold) -> Answer:
        with engine.database.write(pipelined=True) as connection:
            answer = _act(engine, connection, person, item_id, known, request, hold)
            if also is not None:
                also(connection)
            return answer

    return _twice(item_id, once)


def preview(engine: Engine, person: Person, item_id: str, verb: str, request: Request) -> Effect:
    """What `verb` would lead to: it is done as `act` does it, looked at, and undone.

    A reason need not be given yet; for the rest raises the `Refusal` that the act would meet.
    """
    known = _known(verb)

    def once(hold: Hold) -> Effect:
        return rehearsed(
            engine.database,
            lambda connection: _rehearse(engine, connection, person, item_id, known, request, hold),
        )

    return _twice(item_id, once)


def _known(verb: str) -> Verb:
    if verb not in VERBS:
        raise NotAllowed(f"没有“{verb}”这个办理方式。")
    return VERBS[verb]


def _twice(item_id: str, once: Callable[[Hold], T]) -> T:
    for last_try in (False, True):
        try:
            return holding_what_fails(once)
        except LOST as conflict:
            if last_try and outage_of(conflict):
                raise
            if last_try:
                raise Stale("此任务同时有他人在办理，请刷新后再试。") from conflict
        except (ExecutionFailed, NobodyAssigned) as failure:
            log.error("diagram failed", item=item_id, error=str(failure))
            raise Broken(
                f"流程图在这一步出错，未能继续：{failure}",
                hint="没有任何改动；请联系绩效办修正流程图后再办理。",
            ) from failure
    raise AssertionError("unreachable")


def _act(
    engine: Engine,
    connection: Connection,
    person: Person,
    item_id: str,
    verb: Verb,
    request: Request,
    hold: Hold,
) -> Answer:
    visit = _visit(engine, connection, person, item_id, verb, request, hold)
    if isinstance(visit, Answer):
        return visit
    about = visit.step.row
    with Nearby(connection, visit.near, unit_id=about.subject_unit_id, cycle_id=about.cycle_id):
        _do(visit, verb)
    answer = _answer(visit, verb)
    if request.idempotency_key:
        remember(connection, person, item_id, verb.key, request, _stored(answer), at=visit.step.at)
    return answer


def _rehearse(
    engine: Engine,
    connection: Connection,
    person: Person,
    item_id: str,
    verb: Verb,
    request: Request,
    hold: Hold,
) -> Effect:
    visit = _visit(engine, connection, person, item_id, verb, replace(request, idempotency_key=""), hold)
    assert isinstance(visit, Visit)  # without a key nothing is remembered
    visit.rehearsal = True
    looking = Looking.at(connection, visit.step.row, visit.step.version)
    _do(visit, verb)
    told = verb.tell(visit)
    return looking.effect(verb=verb.key, name=verb.name, mine=item_id, step=visit.step, told=told)


def _do(visit: Visit, verb: Verb) -> None:
    try:
        allow(visit.person, visit.item, verb)
        check_fit(visit.item, verb)
        check_separation(visit, verb.key)
        verb.run(visit)
    except (NotAllowed, Invalid) as refused:
        name_what_is_possible(refused, visit, verb, VERBS)
        raise
    finish(visit.step, act=f"{verb.key}:{visit.item.element_id}")


def _visit(
    engine: Engine,
    connection: Connection,
    person: Person,
    item_id: str,
    verb: Verb,
    request: Request,
    hold: Hold,
) -> Visit | Answer:
    """The item under lock, with its step in memory; or what this very request was answered before."""
    lock, variables = ask_instance_of_item(connection, item_id), ask_variables_of_item(connection, item_id)
    look, setup = ask_item(connection, item_id), engine.setup
    moves = verb.key in DECIDING
    near = ask_at_item(connection, item_id, clock=setup.clock, zone=setup.zone) if moves else None
    row = lock()
    known = remembered(connection, person, item_id, verb.key, request)  # after the lock: by a twin just now
    if known is not None:
        return _answer_of(known)
    item = seen(connection, person, item_id, look())  # asked after the lock, so as it is now
    if row is None:
        raise Stale("此任务刚刚有变动，请刷新后再试。")
    standing = stood_in_for(person, verb.act, thing_of(item)) if person.stands_in else None
    try:
        actor = Actor(person.id, signature(person, standing))
        step = load_step(setup, connection, row, actor=actor, hold=hold, variables=variables())
    except NotRunning as over:
        why = why_it_stands(connection, row.id, zone=setup.zone)
        raise Closed(why or str(over)) from over
    check_version(connection, item, request)
    step.alone = (item.wait_key, item.id) if item.alone else None
    return Visit(setup, connection, person, item, step, request, standing, near=near)


def save_draft(
    engine: Engine,
    person: Person,
    item_id: str,
    *,
    fields: FormData,
    opinion: str = "",
    known: Container[str] | None = None,
) -> None:
    """暂存: keep the form as it is, unchecked. Raises a `Refusal`, also while the instance stands still.

    `known`: marks of the drafts that the page knows; another one that is stored is not written over.
    """
    with engine.database.write() as connection:
        drafts.lock_item(connection, item_id)
        item = open_item(connection, person, item_id)
        allow(person, item, VERBS["complete"])
        if why := why_it_stands(connection, item.instance_id, zone=engine.setup.zone):
            raise Closed(why)
        standing = stood_in_for(person, "act_item", thing_of(item))
        holder_id = standing.user_id if standing else person.id
        drafts.save_draft(
            connection, holder_id, item, fields=fields, opinion=opinion, at=engine.clock.now(), known=known
        )


def _answer(visit: Visit, verb: Verb) -> Answer:
    opened = tuple(_opened(visit, row) for row in visit.step.opened)
    outcome = next((e["outcome"] for e in visit.step.events if e["item_id"] == visit.item.id), "")
    return Answer(
        visit.item.id, visit.item.instance_id, verb.key, outcome, opened, visit.step.execution.ended
    )


def _opened(visit: Visit, row: Row) -> Opened:
    name = visit.step.version.element(row["element_id"]).name
    return Opened(row["id"], row["element_id"], name, row["unit_id"], row["post_key"], row["assignee_id"])


def _stored(answer: Answer) -> dict[str, object]:
    return {**answer.__dict__, "opened": [one.__dict__ for one in answer.opened]}


def _answer_of(stored: Mapping[str, object]) -> Answer:
    values = dict(stored)
    values["opened"] = tuple(Opened(**one) for one in values["opened"])  # type: ignore[attr-defined]
    return Answer(**values)  # type: ignore[arg-type]
