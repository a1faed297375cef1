"""A job that is being run."""

from dataclasses import dataclass, field

from engine.jobs.queue import QueuedJob
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.troubles import Hold


@dataclass(frozen=True)
class TakenJob(QueuedJob):
    """A job in its transaction, with the row of its instance as it was locked, and what is to be held."""

    row: InstanceRow | None = None
    hold: Hold = field(default_factory=Hold)
