"""The one door: every verb of every page, program and test goes through `act`.

Lock the instance → may this person do this now? → check → history → tokens → items → audit → commit.
Nothing is half done: any refusal rolls everything back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from engine.bpmn.failures import ExecutionFailed
from engine.people.persons import Person
from engine.people.rights import may, stood_in_for
from engine.runtime.engine import Engine
from engine.runtime.instances.suspending import why_it_stands
from engine.runtime.setup import Actor
from engine.runtime.steps.closing import DECIDED
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.rows import Conflict, ask_instance_of_item, ask_variables_of_item
from engine.runtime.steps.step import NotRunning, load_step
from engine.runtime.steps.troubles import Hold, holding_what_fails
from engine.store import Row
from engine.store.outages import outage_of
from engine.verbs import drafts
from engine.verbs.adding import add_signer, remove_signer
from engine.verbs.claiming import claim, may_free, unclaim
from engine.verbs.completing import complete, register_for
from engine.verbs.idempotency import remember, remembered
from engine.verbs.refusals import Broken, Closed, NotAllowed, NotVisible, Refusal, Stale
from engine.verbs.returning import return_to
from engine.verbs.separation import check_separation
from engine.verbs.standing_in import signature
from engine.verbs.urging import urge
from engine.verbs.visit import Request, Visit, thing_of
from engine.work import history
from engine.work.bindings import FormData
from engine.work.items import Item, ask_item, read_item
from engine.work.routing import NobodyAssigned

log = structlog.get_logger(__name__)
LOST = (Conflict, psycopg.OperationalError, OperationalError)
"""Nothing was written, or its answer was lost: a second try settles which."""


@dataclass(frozen=True)
class Verb:
    """A verb: its key, what people call it, the right it needs, and what it does."""

    key: str
    name: str
    act: str
    run: Callable[[Visit], None]


VERBS: Mapping[str, Verb] = {
    verb.key: verb
    for verb in (
        Verb("claim", "认领", "act_item", claim),
        Verb("unclaim", "取消认领", "act_item", unclaim),
        Verb("complete", "办理", "act_item", complete),
        Verb("register_for", "代录", "act_item", register_for),
        Verb("return_to", "退回", "act_item", return_to),
        Verb("add_signer", "加签", "act_item", add_signer),
        Verb("remove_signer", "减签", "act_item", remove_signer),
        Verb("urge", "催办", "urge", urge),
    )
}
"""The verbs of now, but `save_draft`, which moves nothing and has a way of its own."""


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


def act(engine: Engine, person: Person, item_id: str, verb: str, request: Request) -> Answer:
    """Do `verb` with an item. Raises a `Refusal`, or what the database says when it cannot be asked.

    Tries once more when another transaction was faster, or the connection was lost.
    """
    if verb not in VERBS:
        raise NotAllowed(f"没有“{verb}”这个办理方式。")
    for last_try in (False, True):
        try:
            return holding_what_fails(
                lambda hold: _act_once(engine, person, item_id, VERBS[verb], request, hold)
            )
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


def _act_once(
    engine: Engine, person: Person, item_id: str, verb: Verb, request: Request, hold: Hold
) -> Answer:
    """What the person did is kept even where the diagram fails after it: there it is held (`troubles`)."""
    with engine.database.write(pipelined=True) as connection:
        return _act(engine, connection, person, item_id, verb, request, hold)


def _act(
    engine: Engine,
    connection: Connection,
    person: Person,
    item_id: str,
    verb: Verb,
    request: Request,
    hold: Hold,
) -> Answer:
    lock, variables = ask_instance_of_item(connection, item_id), ask_variables_of_item(connection, item_id)
    look = ask_item(connection, item_id)
    row = lock()
    known = remembered(connection, person, item_id, verb.key, request)  # after the lock: by a twin just now
    if known is not None:
        return _answer_of(known)
    item = _seen(connection, person, item_id, look())  # asked after the lock, so as it is now
    if row is None:
        raise Stale("此任务刚刚有变动，请刷新后再试。")
    standing = stood_in_for(person, verb.act, thing_of(item))
    try:
        actor = Actor(person.id, signature(person, standing))
        step = load_step(engine.setup, connection, row, actor=actor, hold=hold, variables=variables())
    except NotRunning as over:
        why = why_it_stands(connection, row.id, zone=engine.setup.zone)
        raise Closed(why or str(over)) from over
    _check_version(person, item, verb, request)
    allow(person, item, verb)
    visit = Visit(engine.setup, connection, person, item, step, request, standing)
    check_separation(visit, verb.key)
    verb.run(visit)
    finish(step, act=f"{verb.key}:{item.element_id}")
    answer = _answer(visit, verb)
    remember(connection, person, item_id, verb.key, request, _stored(answer), at=step.at)
    return answer


def save_draft(engine: Engine, person: Person, item_id: str, *, fields: FormData, opinion: str = "") -> None:
    """暂存: keep the form as it is, unchecked. Raises a `Refusal`."""
    with engine.database.write() as connection:
        item = open_item(connection, person, item_id)
        allow(person, item, VERBS["complete"])
        standing = stood_in_for(person, "act_item", thing_of(item))
        holder_id = standing.user_id if standing else person.id
        drafts.save_draft(connection, holder_id, item, fields=fields, opinion=opinion, at=engine.clock.now())


def open_item(connection: Connection, person: Person, item_id: str) -> Item:
    """The open item, if the person may see it. Raises `Closed` with who did it, or `NotVisible`."""
    return _seen(connection, person, item_id, read_item(connection, item_id))


def _seen(connection: Connection, person: Person, item_id: str, item: Item | None) -> Item:
    if item is None:
        raise _closed_or_invisible(connection, person, item_id)
    if not may(person, "see_item", thing_of(item)) and not history.may_see(
        connection, person, item.instance_id
    ):
        raise NotVisible
    return item


def allow(person: Person, item: Item, verb: Verb) -> None:
    """Raises `NotAllowed` when the person sees the item but may not do this."""
    if verb.key == "unclaim" and may_free(person, item):
        return
    if not may(person, verb.act, thing_of(item)):
        raise NotAllowed(f"您可以查看这项任务，但不能“{verb.name}”：它由其他岗位或人员办理。")


def _check_version(person: Person, item: Item, verb: Verb, request: Request) -> None:
    """Before the rights: who was slower is told that, not that the task belongs to others."""
    if request.version == item.lock_version:
        return
    if verb.key == "claim" and item.assignee_id not in (None, person.id):
        raise Stale("此任务刚刚被他人认领。", hint="请刷新待认领列表。")
    raise Stale("此任务在您打开之后有过变动，请刷新后再办理。", hint="您填写的内容已保留。")


def _closed_or_invisible(connection: Connection, person: Person, item_id: str) -> Refusal:
    if history.seen_closed_item(connection, person, item_id) is None:
        return NotVisible()
    last = history.who_closed(connection, item_id)
    if last is None:
        return NotVisible()
    if last["verb"] == "close" and last["outcome"] == DECIDED:
        return Closed("本环节已由其他签署人作出决定，您这一份由系统关闭，不算同意，也不算不同意。")
    if last["verb"] == "close":
        return Closed("此任务已由系统关闭：流程已转到别的环节。")
    if last["verb"] == "remove_signer":
        return Closed(f"{last['person_name']}已减签：这项任务不用再签署。")
    return Closed(f"此任务已由{last['person_name']}办理完毕，不能重复办理。")


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
