"""The chores of the house: each once a period, on whichever machine looks first, and on no other.

When a chore is due is asked on the machine's own time, so that a city's clock that begins anew does not keep
it waiting; what it does is done on the city's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

import structlog
from sqlalchemy import Connection

from engine.audit import sealing
from engine.runtime.housekeeping.sweeping import BATCH, SWEEPS, drop, find
from engine.runtime.setup import Setup
from engine.store import Queries
from engine.store.outages import outage_of

QUERIES = Queries(Path(__file__).with_name("chores.sql"))
SEAL = "seal"
SWEEP_EVERY = timedelta(days=1)
LOOK_SECONDS = 30.0
"""How often one process asks whether a chore is due."""
log = structlog.get_logger(__name__)

Work = Callable[[Connection], tuple[int, bool]]
"""Does a part of a chore in a transaction of its own: how much it touched, and whether there is more."""


@dataclass(frozen=True)
class Chore:
    """`prepare` looks, without keeping anybody from writing, for what is to be done."""

    every: timedelta
    prepare: Callable[[Setup], Work]


def chores_of(setup: Setup) -> Mapping[str, Chore]:
    """The chores that this installation wants, by name."""
    kept = setup.keeping
    found = {SEAL: Chore(kept.seal_every, _sealing)} if kept.seal_every else {}
    for name, sweep in SWEEPS.items():
        keep: timedelta | None = getattr(kept, sweep.kept_as or name)
        if keep is not None:
            found[name] = Chore(SWEEP_EVERY, partial(_sweeping, name, keep))
    return found


class House:
    """One process's share in the chores."""

    def __init__(self, setup: Setup, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._setup = setup
        self._chores = chores_of(setup)
        self._look_seconds = look_seconds
        self._next_look = 0.0
        self._founded = False

    def look(self) -> int:
        """Do one part of one chore that is due; 1 when there was one. A fault here stops no other work."""
        if not self._chores or monotonic() < self._next_look:
            return 0
        try:
            done = self._do_next(datetime.now(UTC))
        except Exception as failure:
            if outage_of(failure):
                raise
            log.exception("chore failed")
            done = False
        self._next_look = 0.0 if done else monotonic() + self._look_seconds
        return int(done)

    def _do_next(self, now: datetime) -> bool:
        self._found(now)
        with self._setup.database.read() as connection:
            row = QUERIES.row(connection, "next", now=now)
        if row is None:
            return False
        chore = self._chores.get(row["name"])  # another version's, or one that nobody wants any more
        work = chore.prepare(self._setup) if chore else _nothing
        every = chore.every if chore else SWEEP_EVERY
        with self._setup.database.write() as connection:
            if QUERIES.row(connection, "take", name=row["name"], now=now) is None:
                return False
            touched, more = work(connection)
            due_at = now if more else now + every
            QUERIES.run(connection, "done", name=row["name"], now=now, due_at=due_at, touched=touched)
        return True

    def _found(self, now: datetime) -> None:
        if self._founded:
            return
        with self._setup.database.write() as connection:
            for name in self._chores:
                QUERIES.run(connection, "found", name=name, due_at=now)
        self._founded = True


def _sealing(setup: Setup) -> Work:
    with setup.database.read() as connection:
        grown = sealing.gather(connection)

    def work(connection: Connection) -> tuple[int, bool]:
        made = sealing.seal(connection, at=setup.clock.now(), grown=grown)
        log.info("sealed", chains=made.chains, hash=made.hash, algorithm=made.algorithm)
        return made.chains, False

    return work


def _sweeping(name: str, keep: timedelta, setup: Setup) -> Work:
    now = datetime.now(UTC) if SWEEPS[name].on_machine_time else setup.clock.now()
    before = now - keep
    with setup.database.read() as connection:
        keys = find(connection, name, now=now, before=before)

    def work(connection: Connection) -> tuple[int, bool]:
        count = drop(connection, name, keys, before=before) if keys else 0
        return count, len(keys) == BATCH and count > 0

    return work


def _nothing(_connection: Connection) -> tuple[int, bool]:
    return 0, False
