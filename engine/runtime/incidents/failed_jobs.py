"""A job that failed: again after a rest, or, after its last attempt, an incident that a person sees."""

from dataclasses import replace

import structlog
from sqlalchemy import Connection

from engine.ids import new_id
from engine.jobs import queue
from engine.jobs.queue import QueuedJob
from engine.runtime.incidents.register import tell_office
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import lock_instance, read_context, read_instance
from engine.runtime.steps.step import look_at
from engine.runtime.steps.troubles import described
from engine.store import Row, insert_rows

log = structlog.get_logger(__name__)


class Poisoned(Exception):
    """A job whose content cannot be read: it would fail for ever, so it is stopped at once."""

    code = "poisoned"

    def __init__(self) -> None:
        super().__init__("这件后台工作的内容已经损坏，无法执行")


def note_failure(setup: Setup, job: QueuedJob, failure: Exception) -> None:
    """Try again later, or, after the last attempt, raise an incident that a person sees."""
    said = described(failure)
    element_id = getattr(failure, "element", "") or _element_of(setup, job)
    if isinstance(failure, Poisoned):
        job = replace(job, max_attempts=1)
    with setup.database.write() as connection:
        if job.instance_id is not None:
            lock_instance(connection, job.instance_id)
        stopped = queue.failed(connection, setup.queue, job, error=said["message"], backoff=setup.backoff)
        if stopped:
            _raise_incident(setup, connection, job, element_id=element_id, said=said)


def _raise_incident(
    setup: Setup, connection: Connection, job: QueuedJob, *, element_id: str, said: Row
) -> None:
    """Write that `job` has stopped for good and waits for the office; `said` is what failed."""
    instance = read_instance(connection, job.instance_id) if job.instance_id is not None else None
    row = {
        "id": new_id(),
        "cycle_id": job.cycle_id,
        "assessor_id": instance.assessor_id if instance else _assessor_of(job),
        "instance_id": job.instance_id,
        "job_id": job.id,
        "token": None,
        "element_id": element_id,
        "kind": job.kind,
        "attempts": job.attempts + 1,
        "raised_at": setup.clock.now(),
        "resolution": "",
        **said,
    }
    insert_rows(connection, "incident", [row])
    tell_office(connection, row, instance, at=row["raised_at"])


def _assessor_of(job: QueuedJob) -> str | None:
    """Whose office hears of a job without an instance: of one that it would have started, or of a letter."""
    if job.payload.get("assessor_id"):
        return str(job.payload["assessor_id"])
    around = job.payload.get("surroundings")
    assessor = read_context(around).get("assessor") if isinstance(around, str) else None
    return assessor.get("id") if isinstance(assessor, dict) else None


def _element_of(setup: Setup, job: QueuedJob) -> str:
    """Where the job's instance waits for it; "" when that cannot be said: perhaps the reading fails."""
    if job.instance_id is None or job.wait_key is None:
        return str(job.payload.get("element_id", ""))
    try:
        with setup.database.read() as connection:
            step = look_at(setup, connection, read_instance(connection, job.instance_id))
    except Exception as unreadable:
        log.warning("instance cannot be read", instance=job.instance_id, error=type(unreadable).__name__)
        return ""
    wait = step.before.get(job.wait_key)
    return wait.element if wait else ""
