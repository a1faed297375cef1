"""The embedded runner: a thread in the server that does what is due, and sleeps until something is.

The same thread keeps the clock on PostgreSQL workers, where procrastinate wakes the jobs.
"""

from collections.abc import Callable
from threading import Event, Thread

import structlog

log = structlog.get_logger(__name__)
SHORTEST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
"""How long to wait for a wake-up, at most, before looking at the clock again."""
PAUSE_AFTER_FAILURE_SECONDS = 5.0


class Runner:
    """Calls `run_due` again and again until stopped. `run_due` answers how much it did.

    A wake-up comes from inside a transaction, a moment before others can see what it wrote. So the runner
    looks again soon, then less and less often.
    """

    def __init__(self, run_due: Callable[[], int], *, name: str = "bihuan-runner") -> None:
        self._run_due = run_due
        self._wake = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work in a thread of its own."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    def stop(self, *, seconds: float = 10) -> None:
        """Finish the job in hand, then end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        pause = SHORTEST_PAUSE_SECONDS
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                done = self._run_due()
            except Exception:
                log.exception("runner failed")
                self._stopping.wait(PAUSE_AFTER_FAILURE_SECONDS)
                continue
            if done or self._wake.wait(pause):
                pause = SHORTEST_PAUSE_SECONDS
            else:
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
