"""The one door of verbs upon an instance: by its initiator, by the office, by whoever may see it.

Lock the instance → may this person see it, and do this? → a reason where one is asked → do it → commit.
The same way is gone to look at what it would lead to; then all is undone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from engine.bpmn.failures import ExecutionFailed, IllegalMove
from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.instances.suspending import why_it_stands
from engine.runtime.steps.rows import Conflict, InstanceRow, UnknownInstance, lock_instance, read_instance
from engine.runtime.steps.step import SUSPENDED
from engine.runtime.steps.troubles import Hold, holding_what_fails
from engine.verbs.effects import Effect, Looking
from engine.verbs.idempotency import remember, remembered
from engine.verbs.others.serving import READING, why_not_serving
from engine.verbs.refusals import Broken, Closed, Invalid, NotAllowed, NotVisible, Stale
from engine.verbs.registry import INSTANCE_VERBS
from engine.verbs.rehearsing import rehearsed
from engine.verbs.showing.lateness import why_moved
from engine.verbs.verb import InstanceVerb, Matter
from engine.verbs.visit import MOST_OPINION, Request
from engine.work.bindings import FieldError
from engine.work.history import may_see
from engine.work.routing import NobodyAssigned

T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """What a verb did to an instance: how it stands now, and a sentence where there is more to say."""

    instance_id: str
    verb: str
    status: str
    message: str


def act_upon(engine: Engine, person: Person, instance_id: str, verb: str, request: Request) -> Done:
    """Do one of `INSTANCE_VERBS`. Raises a `Refusal`; tries once more when another was faster.

    A `version` of the request is the instance's that the person saw; 0 asks nothing.
    """
    known = _known(verb)

    def once(hold: Hold) -> Done:
        with engine.database.write() as connection:
            _locked(connection, instance_id)
            if (before := remembered(connection, person, instance_id, verb, request)) is not None:
                return Done(**before)
            matter = _matter(engine, connection, person, instance_id, known, request)
            matter.hold = hold
            message = known.run(matter)
            done = Done(instance_id, verb, matter.row.status, message)
            at = engine.clock.now()
            remember(connection, person, instance_id, verb, request, dict(done.__dict__), at=at)
            return done

    return _twice(once)


def preview_upon(engine: Engine, person: Person, instance_id: str, verb: str, request: Request) -> Effect:
    """What the verb would lead to: done and undone. A reason need not be given yet. Raises a `Refusal`."""
    known = _known(verb)

    def look(connection: Connection, hold: Hold) -> Effect:
        matter = _matter(engine, connection, person, instance_id, known, request, rehearsal=True)
        matter.hold = hold
        version = engine.setup.definitions.process(connection, matter.row.definition_version_id)
        looking = Looking.at(connection, matter.row, version)
        known.run(matter)
        told = (*known.tell(matter), *_stops(matter))
        return looking.effect(verb=verb, name=known.name, step=matter.loaded, told=told)

    return _twice(lambda hold: rehearsed(engine.database, lambda connection: look(connection, hold)))


def _stops(matter: Matter) -> Iterator[str]:
    """Where the diagram would fail by it, and hold the token until somebody mends it."""
    for token, held in matter.step.execution.held.items() if matter.hold else ():
        if token in matter.hold:
            name = matter.step.version.element(held.element).name or held.element
            yield f"注意：流程会停在“{name}”，成为一件异常（{matter.hold[token]}）。"


def possible_upon(engine: Engine, person: Person, instance_id: str) -> list[InstanceVerb]:
    """The verbs that this person may do with the instance now. Raises `NotVisible`."""

    def look(connection: Connection) -> list[InstanceVerb]:
        row = _seen(connection, person, instance_id)
        matter = Matter(engine.setup, connection, person, row, Request())
        return [
            verb
            for verb in INSTANCE_VERBS.values()
            if verb.allows(person, row) and not _at_rest(matter, verb) and not verb.against(matter)
        ]

    with engine.database.read() as connection:
        return look(connection)


def possible(engine: Engine, person: Person, instance_id: str, verb: str, request: Request) -> bool:
    """Whether the person may do just this now. Raises `NotVisible`."""
    known = _known(verb)
    with engine.database.read() as connection:
        row = _seen(connection, person, instance_id)
        matter = Matter(engine.setup, connection, person, row, request)
        return known.allows(person, row) and not _at_rest(matter, known) and not known.against(matter)


def _matter(
    engine: Engine,
    connection: Connection,
    person: Person,
    instance_id: str,
    verb: InstanceVerb,
    request: Request,
    *,
    rehearsal: bool = False,
) -> Matter:
    row = _locked(connection, instance_id)
    _may_see(connection, person, row, also=verb.shows(person, row))
    matter = Matter(engine.setup, connection, person, row, request, rehearsal=rehearsal)
    if not verb.allows(person, row):
        raise NotAllowed(f"您可以查看办理过程，但“{verb.name}”{verb.whose}。", hint=_instead(matter, verb))
    if why := _standstill(matter):
        raise Closed(why)
    if why := _not_serving(matter, verb):
        raise NotAllowed(why)
    if why := verb.against(matter):
        raise NotAllowed(why, hint=_instead(matter, verb))
    if request.version and request.version != row.lock_version:
        raise Stale(why_moved(connection, row.id))
    reason = request.opinion.strip()
    if verb.reason and not reason and not rehearsal:
        error = FieldError("opinion", "required", f"请写明{verb.name}的理由，它记入办理过程，不能再改。")
        raise Invalid(error.message, errors=(error,))
    if len(reason) > MOST_OPINION:
        raise Invalid(f"理由最多 {MOST_OPINION} 字。")
    return matter


def _at_rest(matter: Matter, verb: InstanceVerb) -> bool:
    """Whether nothing is done with the instance now, or nothing by this person."""
    return bool(_standstill(matter) or _not_serving(matter, verb))


def _not_serving(matter: Matter, verb: InstanceVerb) -> str:
    if verb.key in READING:
        return ""
    return why_not_serving(matter.connection, matter.person, matter.row.id, verb.name)


def _standstill(matter: Matter) -> str:
    """While an instance stands still (挂起) no verb is taken: the sentence that says so, or ""."""
    if matter.row.status != SUSPENDED:
        return ""
    return why_it_stands(matter.connection, matter.row.id, zone=matter.setup.zone)


def _locked(connection: Connection, instance_id: str) -> InstanceRow:
    try:
        return lock_instance(connection, instance_id)
    except UnknownInstance:
        raise NotVisible from None


def _instead(matter: Matter, verb: InstanceVerb) -> str:
    names = [
        one.name
        for one in INSTANCE_VERBS.values()
        if one.key != verb.key and one.allows(matter.person, matter.row) and not one.against(matter)
    ]
    return f"现在可以：{'、'.join(names)}。" if names else ""


def _seen(connection: Connection, person: Person, instance_id: str) -> InstanceRow:
    try:
        row = read_instance(connection, instance_id)
    except UnknownInstance:
        raise NotVisible from None
    _may_see(connection, person, row, also=any(verb.shows(person, row) for verb in INSTANCE_VERBS.values()))
    return row


def _may_see(connection: Connection, person: Person, row: InstanceRow, *, also: bool) -> None:
    if not also and not may_see(connection, person, row.id):
        raise NotVisible


def _known(verb: str) -> InstanceVerb:
    if verb not in INSTANCE_VERBS:
        raise NotAllowed(f"没有“{verb}”这个办理方式。")
    return INSTANCE_VERBS[verb]


def _twice(once: Callable[[Hold], T]) -> T:
    for last_try in (False, True):
        try:
            return holding_what_fails(once)
        except (Conflict, psycopg.OperationalError, OperationalError) as conflict:
            if last_try:
                raise Stale("这个流程同时有他人在办理，请刷新后再试。") from conflict
        except IllegalMove as illegal:
            error = FieldError("target", illegal.code, f"{illegal}。")
            raise Invalid(error.message, errors=(error,)) from illegal
        except (ExecutionFailed, NobodyAssigned) as failure:
            raise Broken(f"流程图在这一步出错，没有任何改动：{failure}") from failure
    raise AssertionError("unreachable")
