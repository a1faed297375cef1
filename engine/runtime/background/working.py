"""A worker's round on PostgreSQL: claim jobs, run them, look again, until nothing is due."""

from datetime import timedelta
from threading import Event, Lock
from time import monotonic

from engine.jobs.claiming import BATCH, LEASE, Claim, claim, give_back
from engine.runtime.background import running
from engine.runtime.events import clockwork
from engine.runtime.housekeeping.chores import House
from engine.runtime.notices.rounds import ask_to_tell, go_round
from engine.runtime.setup import Setup


class Working:
    """One worker's hands. One thread at a time works; `look` never waits for the one that does."""

    def __init__(self, setup: Setup, *, lease: timedelta = LEASE, batch: int = BATCH) -> None:
        self._setup = setup
        self._lease = lease
        self._batch = batch
        self._hands = Lock()
        self._stopping = Event()
        self._house = House(setup)

    def work(self) -> int:
        """Do whatever is due, and what follows from it; how many jobs were run."""
        with self._hands:
            return self._work()

    def look(self) -> int:
        """Keep the clock; then work, when this worker is not at it already. How much was done.

        So a job is done within a second or two even when nobody is woken for it.
        """
        with self._setup.database.read(pipelined=True) as connection:
            clock, notices = clockwork.ask_due(self._setup, connection), ask_to_tell(self._setup, connection)
            ticks, tells = clock(), notices()
        done = clockwork.tick(self._setup) if ticks else 0
        if ticks or tells or self._setup.notices.todo:
            go_round(self._setup, found=tells)
        done += self._house.look()
        if not self._hands.acquire(blocking=False):
            return done
        try:
            return done + self._work()
        finally:
            self._hands.release()

    def stop(self) -> None:
        """End after the job in hand; what else was claimed goes back to the others."""
        self._stopping.set()

    def _work(self) -> int:
        done = 0
        while not self._stopping.is_set():
            with self._setup.database.write(pipelined=True) as connection:
                claimed = claim(connection, limit=self._batch, lease=self._lease)
            if not claimed.jobs:
                break
            done += self._run(claimed)
        return done

    def _run(self, claimed: Claim) -> int:
        """Run what was claimed while half of the lease lasts; how many jobs that were."""
        enough = monotonic() + self._lease.total_seconds() / 2
        for number, job in enumerate(claimed.jobs):
            if number and (self._stopping.is_set() or monotonic() > enough):
                with self._setup.database.write() as connection:
                    give_back(connection, claimed)
                return number
            running.run_read_job(self._setup, job)
        return len(claimed.jobs)
