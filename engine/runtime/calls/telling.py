"""What a child instance tells its caller: escalations, and the error with which it ended.

It goes by a job, for the child's step must not wait for its parent. The children may be joined by another
worker at the same time; so whoever joins them first hears all that they have said.
"""

from collections.abc import Mapping
from typing import Any

from engine.feel import codec
from engine.jobs import queue
from engine.jobs.queue import NewJob, defer
from engine.runtime.calls.callers import QUERIES
from engine.runtime.steps.rows import read_context
from engine.runtime.steps.step import Step


def tell(step: Step) -> None:
    """Send what the step's instance told its caller; without a caller nobody hears it."""
    if not step.execution.told or step.row.fan_out_id is None:
        return
    call = QUERIES.row(step.connection, "call", id=step.row.fan_out_id)
    if call is None:
        return
    jobs = [
        NewJob(
            "told",
            step.row.cycle_id,
            call["instance_id"],
            call["wait_key"],
            {
                "kind": told.kind,
                "code": told.code,
                "variables": codec.dumps(told.variables),
                "sender": step.sent_by,
            },
        )
        for told in step.execution.told
    ]
    defer(step.connection, step.setup.queue, jobs)


def hear(step: Step, wait_key: str, said: Mapping[str, Any]) -> bool:
    """Let the caller (`step`) hear one thing that a child said; False when it waits no more."""
    wait = step.execution.waits().get(wait_key)
    if wait is None:
        return False
    variables = read_context(said["variables"])
    if said["kind"] == "error":
        step.execution.throw_error(wait.token, said["code"], variables=variables)
    else:
        step.execution.escalate(wait.token, said["code"], variables)
    return True


def hear_all(step: Step, fan_out_id: str) -> bool:
    """Before children are joined: hear what they said. Has it put an end to the call?"""
    call = QUERIES.row(step.connection, "call", id=fan_out_id)
    if call is None:
        return False
    place = {"instance_id": call["instance_id"], "wait_key": call["wait_key"]}
    heard = False
    for row in QUERIES.rows(step.connection, "said", **place):
        job = queue.take(step.connection, row["id"])
        heard = (job is not None and hear(step, call["wait_key"], job.payload)) or heard
    return heard and call["wait_key"] not in step.execution.waits()
