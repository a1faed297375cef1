"""A job that is being run."""

from dataclasses import dataclass

from engine.jobs.queue import QueuedJob
from engine.runtime.rows import InstanceRow


@dataclass(frozen=True)
class TakenJob(QueuedJob):
    """A job in its transaction, with the row of its instance as it was locked."""

    row: InstanceRow | None = None
