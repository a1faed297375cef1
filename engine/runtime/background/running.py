"""Running jobs: each in one transaction with its own end, retried when it fails, then an incident."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError as LostRace

from engine.bpmn.execution import Wait
from engine.jobs import queue
from engine.jobs.queue import QueuedJob
from engine.people.nearby import Nearby
from engine.runtime import outbox
from engine.runtime.background import by_rule
from engine.runtime.background.taking import TakenJob, take
from engine.runtime.calls import fan_out, telling
from engine.runtime.calls.counting import judge_again
from engine.runtime.events import messages, signals
from engine.runtime.events.publishing import PUBLISH, publish_what
from engine.runtime.incidents.failed_jobs import Poisoned, note_failure
from engine.runtime.instances import suspending
from engine.runtime.migrating import background
from engine.runtime.replaying import orders
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.rows import Conflict, read_context
from engine.runtime.steps.starting import AlreadyStarted, NewInstance, start_within
from engine.runtime.steps.step import SUSPENDED, NotRunning, Step, load_step
from engine.runtime.steps.troubles import Hold, holding_what_fails
from engine.store.outages import outage_of
from engine.work.bindings import BpmnError, Service, ServiceCall

log = structlog.get_logger(__name__)
RACES = (Conflict, DeadlockDetected, SerializationFailure, LostRace)
TRIES = 3


class UnknownService(LookupError):
    """A diagram names a job type that nothing is registered for."""

    def __init__(self, job_type: str) -> None:
        super().__init__(f"没有登记名为 {job_type} 的服务")


class UnknownKind(LookupError):
    """A job that another version of the product has queued."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"本版本不认识 {kind} 类后台工作")


def run_job(setup: Setup, job_id: str) -> bool:
    """Run one job; False when there was nothing to do (done, cancelled, or taken by another).

    What fails is noted at the job. Raises only when the database cannot be asked; the job is then as it was.
    """
    with setup.database.read() as connection:
        job = queue.read(connection, job_id)
    return False if job is None else run_read_job(setup, job)


def run_read_job(setup: Setup, job: QueuedJob) -> bool:
    """`run_job` of one that was read before; what has become of it since is looked at under its lock."""
    try:
        outside = OUTSIDE.get(job.kind) or setup.bindings.jobs.get(job.kind)
        return outside(setup, job) if outside else _run_after_races(setup, job)
    except Exception as failure:
        if outage_of(failure):  # no fault of the job: it stays as it was, with all its attempts
            raise
        log.warning("job failed", job=job.id, kind=job.kind, error=type(failure).__name__)
        note_failure(setup, job, failure)
        return True


def _run_after_races(setup: Setup, job: QueuedJob) -> bool:
    """A lost race is no failure: nothing was written, so the job runs again at once."""
    for _ in range(TRIES - 1):
        try:
            return holding_what_fails(lambda hold: _run_once(setup, job, hold))
        except RACES:
            continue
    return holding_what_fails(lambda hold: _run_once(setup, job, hold))


def _run_once(setup: Setup, job: QueuedJob, hold: Hold) -> bool:
    with setup.database.write(pipelined=True) as connection:
        return _run(setup, connection, job, hold)


def _run(setup: Setup, connection: Connection, job: QueuedJob, hold: Hold) -> bool:
    taking = take(setup, connection, job, hold)
    row, taken = taking.row, taking.taken
    if taken is None:
        if row and row.status == SUSPENDED:  # what is to be done in it is done when it goes on
            queue.postpone(connection, setup.queue, job.id)
        return False
    if taken.poisoned:
        raise Poisoned
    run = KINDS.get(taken.kind)
    if run is None:
        raise UnknownKind(taken.kind)
    unit_id = row.subject_unit_id if row else None
    try:
        with Nearby(connection, taken.near, unit_id=unit_id, cycle_id=taken.cycle_id):
            run(setup, connection, taken)
    except NotRunning:
        log.info("job of an ended instance", job=taken.id, kind=taken.kind)
    return True


def _open(setup: Setup, connection: Connection, job: TakenJob) -> Step:
    """The job's instance; what it opens comes from the person whose act led to the job."""
    assert job.row is not None  # only jobs of an instance are of these kinds
    variables = job.variables() if job.variables else None
    step = load_step(setup, connection, job.row, hold=job.hold, variables=variables)
    step.sender = str(job.payload.get("sender", ""))
    return step


def _service(setup: Setup, connection: Connection, job: TakenJob) -> None:
    step = _open(setup, connection, job)
    wait = step.before.get(job.wait_key or "")
    if wait is None:
        return
    try:
        result = _call(setup, step, wait, attempt=job.attempts + 1)
    except BpmnError as error:
        step.execution.throw_error(wait.token, error.code, error.message, error.variables)
    else:
        step.execution.complete(wait.token, result)
    finish(step, act=f"service:{wait.element}")


def _call(setup: Setup, step: Step, wait: Wait, *, attempt: int) -> dict[str, Any]:
    context = step.context(wait.element, token=wait.token)
    element = step.version.element(wait.element)
    call = ServiceCall(
        **{**context.__dict__, "inputs": wait.inputs, "headers": element.headers, "attempt": attempt}
    )
    if wait.job_type == PUBLISH:
        return publish_what(setup, step, wait, call)
    if (write := outbox.WRITERS.get(wait.job_type or "")) is not None:
        return write(setup, step, call)
    service: Service | None = setup.bindings.services.get(wait.job_type or "")
    if service is None:
        raise UnknownService(wait.job_type or "")
    return service(call) or {}


def _timer(setup: Setup, connection: Connection, job: TakenJob) -> None:
    step = _open(setup, connection, job)
    if job.wait_key in step.before:
        step.execution.fire(job.wait_key)
        finish(step, act="timer")


def _by_rule(setup: Setup, connection: Connection, job: TakenJob) -> None:
    by_rule.act(_open(setup, connection, job), job.payload["item_id"], job.payload["act"])


def _deliver(setup: Setup, connection: Connection, job: TakenJob) -> None:
    step = _open(setup, connection, job)
    assert job.message is not None
    if messages.deliver(step, job.wait_key or "", job.message.row()):
        finish(step, act="message")


def _start_by_message(setup: Setup, connection: Connection, job: TakenJob) -> None:
    message = messages.QUERIES.row(connection, "read", id=job.payload["message_id"])
    if message is None:
        return
    messages.QUERIES.run(connection, "receive", id=message["id"], at=setup.clock.now())
    _start_one(setup, connection, job, read_context(message["variables_text"]))


def _start_one(setup: Setup, connection: Connection, job: TakenJob, variables: dict[str, Any]) -> None:
    """Start what waits for a message or signal; nothing happens when it runs already."""
    version = setup.definitions.process(connection, job.payload["definition_version_id"])
    around = read_context(job.payload["surroundings"])
    cycle = around.get("cycle") or {}
    new = NewInstance(
        version=version,
        cycle_id=job.cycle_id,
        year=int(cycle["year"]) if "year" in cycle else None,
        variables={**variables, **around},
        start_element=job.payload["element_id"],
        sender=str(job.payload.get("sender", "")),
    )
    try:
        start_within(setup, connection, new, careful=job.hold.careful)
    except AlreadyStarted as repeated:
        log.info("start repeated", reason=str(repeated))


def _signal(setup: Setup, connection: Connection, job: TakenJob) -> None:
    step = _open(setup, connection, job)
    if signals.deliver(step, job.wait_key or "", job.payload["variables"]):
        finish(step, act="signal")


def _start_by_signal(setup: Setup, connection: Connection, job: TakenJob) -> None:
    _start_one(setup, connection, job, read_context(job.payload["variables"]))


def _spawn(setup: Setup, connection: Connection, job: TakenJob) -> None:
    sender = str(job.payload.get("sender", ""))
    fan_out.spawn(setup, connection, job.payload["fan_out_id"], sender=sender, careful=job.hold.careful)


def _join(setup: Setup, connection: Connection, job: TakenJob) -> None:
    step = _open(setup, connection, job)
    if telling.hear_all(step, job.payload["fan_out_id"]):
        finish(step, act="told")
    else:
        fan_out.join(step, job.payload["fan_out_id"])


def _told(setup: Setup, connection: Connection, job: TakenJob) -> None:
    step = _open(setup, connection, job)
    if telling.hear(step, job.wait_key or "", job.payload):
        finish(step, act="told")


def _judge(setup: Setup, connection: Connection, job: TakenJob) -> None:
    said, sender = job.payload, str(job.payload.get("sender", ""))
    judge_again(setup, connection, said["fan_out_id"], said["results"], sender=sender)


def _cancel_children(setup: Setup, connection: Connection, job: TakenJob) -> None:
    said = job.payload
    fan_out.cancel_children(setup, connection, said["fan_out_id"], because=said.get("because"))


def _suspend_tree(setup: Setup, connection: Connection, job: TakenJob) -> None:
    said = job.payload
    actor = Actor(said["person_id"], said["name"])
    suspending.suspend_below(setup, connection, {**said, "cycle_id": job.cycle_id}, actor=actor)


def _resume_tree(setup: Setup, connection: Connection, job: TakenJob) -> None:
    said = job.payload
    actor = Actor(said["person_id"], said["name"])
    top = {**said, "cycle_id": job.cycle_id}
    suspending.resume_below(setup, connection, top, actor=actor, reason=said["reason"])


OUTSIDE: Mapping[str, Callable[[Setup, QueuedJob], bool]] = {
    outbox.SEND: outbox.send,
    orders.REPLAY: orders.play,
}
"""What takes long and needs no transaction while it does; each ends its job itself."""

KINDS: Mapping[str, Callable[[Setup, Connection, TakenJob], None]] = {
    "service": _service,
    "timer": _timer,
    "by_rule": _by_rule,
    "deliver": _deliver,
    "start_by_message": _start_by_message,
    "signal": _signal,
    "start_by_signal": _start_by_signal,
    "spawn": _spawn,
    "join": _join,
    "told": _told,
    "judge": _judge,
    "cancel_children": _cancel_children,
    "suspend_tree": _suspend_tree,
    "resume_tree": _resume_tree,
    "migrate_all": background.migrate_all,
    "migrate": background.migrate_one,
}
