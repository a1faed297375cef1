"""Ending an instance before its diagram does; its open work and its children end with it."""

from engine.runtime.steps import closing
from engine.runtime.steps.finishing import audit
from engine.runtime.steps.rows import save
from engine.runtime.steps.step import Step


def terminate(step: Step, *, reason: str, status: str = "terminated") -> None:
    """End the instance of `step` as it stands; history says why."""
    closing.close_waits(step, step.before)
    closing.give_up_held(step)
    closing.end(step, status=status)
    audit(step, f"{status}:{reason}")
    save(step.connection, step.row, step.execution)
