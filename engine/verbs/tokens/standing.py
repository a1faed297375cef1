"""`suspend` (挂起) and `resume` (恢复办理): the office lets an instance, or a whole tree, stand still.

Both are acts on an instance, not on an item; the reason stands in the history and in every refusal.
"""

from dataclasses import dataclass

from psycopg import OperationalError
from sqlalchemy import Connection

from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.instances import suspending
from engine.runtime.setup import Actor
from engine.runtime.steps.rows import Conflict, InstanceRow, UnknownInstance, lock_instance
from engine.runtime.steps.step import RUNNING, SUSPENDED, NotRunning, look_at
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible, Stale
from engine.verbs.showing.lateness import why_moved
from engine.verbs.tokens.mending import may_mend
from engine.verbs.visit import MOST_OPINION
from engine.work.bindings import FieldError
from engine.work.history import may_see

NAMES = {"suspend": "挂起", "resume": "恢复办理"}


@dataclass(frozen=True)
class StoodStill:
    """What was done: how many instances, as far as it was done at once."""

    instance_id: str
    status: str
    instances: int


def stand(
    engine: Engine,
    person: Person,
    instance_id: str,
    verb: str,
    *,
    reason: str,
    tree: bool = True,
    version: int = 0,
) -> StoodStill:
    """`suspend` an instance (with what it has called, when `tree`), or let it and them `resume`.

    `version` is the instance's that the person saw; 0 asks nothing.
    Raises a `Refusal`; tries once more when another transaction was faster.
    """
    for last_try in (False, True):
        try:
            with engine.database.write() as connection:
                row = _seen(connection, person, instance_id)
                _check(connection, person, row, verb, reason=reason.strip(), version=version)
                return _stand(engine, connection, person, row, verb, reason=reason.strip(), tree=tree)
        except (Conflict, OperationalError) as conflict:
            if last_try:
                raise Stale("这个流程同时有他人在办理，请刷新后再试。") from conflict
    raise AssertionError("unreachable")


def _stand(
    engine: Engine,
    connection: Connection,
    person: Person,
    row: InstanceRow,
    verb: str,
    *,
    reason: str,
    tree: bool,
) -> StoodStill:
    actor = Actor(person.id, person.name)
    if verb == "suspend":
        many = _suspend(engine, connection, row, actor, reason=reason, tree=tree)
    else:
        many = _resume(engine, connection, row, actor, reason=reason)
    return StoodStill(row.id, row.status, many)


def _check(
    connection: Connection, person: Person, row: InstanceRow, verb: str, *, reason: str, version: int
) -> None:
    if not may_mend(person, {"assessor_id": row.assessor_id, "cycle_id": row.cycle_id}):
        raise NotAllowed(f"您可以查看办理过程，但“{NAMES[verb]}”由考评办办理。")
    _check_reason(verb, reason)
    fits = row.status == (RUNNING if verb == "suspend" else SUSPENDED)  # else that is what there is to say
    if fits and version and version != row.lock_version:
        raise Stale(why_moved(connection, row.id))


def _suspend(
    engine: Engine, connection: Connection, row: InstanceRow, actor: Actor, *, reason: str, tree: bool
) -> int:
    if row.status != RUNNING:
        raise Closed(
            f"{NotRunning(row.status)}，也不用挂起。" if row.status != SUSPENDED else "流程已经挂起。"
        )
    suspending.suspend(look_at(engine.setup, connection, row, actor=actor), reason=reason)
    row.status = SUSPENDED
    top = suspending.standing_of(connection, row.id)
    assert top is not None  # it has just been written
    return 1 + (suspending.suspend_below(engine.setup, connection, top, actor=actor) if tree else 0)


def _resume(engine: Engine, connection: Connection, row: InstanceRow, actor: Actor, *, reason: str) -> int:
    standing = suspending.standing_of(connection, row.id)
    if row.status != SUSPENDED or standing is None:
        raise Closed("流程没有挂起，不用恢复。" if row.status == RUNNING else f"{NotRunning(row.status)}。")
    if standing["tree_id"] != standing["id"]:
        raise Invalid("这个流程是随它的上级流程一起挂起的，请在上级流程恢复办理。")
    suspending.resume(look_at(engine.setup, connection, row, actor=actor), standing, reason=reason)
    row.status = RUNNING
    below = suspending.resume_below(engine.setup, connection, standing, actor=actor, reason=reason)
    return 1 + below


def _seen(connection: Connection, person: Person, instance_id: str) -> InstanceRow:
    try:
        row = lock_instance(connection, instance_id)
    except UnknownInstance:
        raise NotVisible from None
    mends = may_mend(person, {"assessor_id": row.assessor_id, "cycle_id": row.cycle_id})
    if not mends and not may_see(connection, person, instance_id):
        raise NotVisible
    return row


def _check_reason(verb: str, reason: str) -> None:
    if not reason:
        error = FieldError("reason", "required", f"请写明{NAMES[verb]}的理由，办理的人都会看到。")
        raise Invalid(error.message, errors=(error,))
    if len(reason) > MOST_OPINION:
        raise Invalid(f"理由最多 {MOST_OPINION} 字。")
