"""A worker on PostgreSQL. It outlives the database: when the connection is lost, it comes back later."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import structlog
from procrastinate.worker import Worker

from engine.jobs.postgresql import QUEUE, forget_stalled, is_heard, worker_app
from engine.store import Database

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 3.0
SWEEP_SECONDS = 60.0
HEARTBEAT_SECONDS = 5.0
SILENCE_SECONDS = 20.0
"""A listener whose heartbeat the database has not had for so long, though it answers, is given up."""
LEAVE_SECONDS = 5.0
"""How long a listener that is given up may take to end."""


@dataclass
class Listener:
    """The one that listens now; `known` once it has a row among procrastinate's workers."""

    worker: Worker | None = None

    @property
    def known(self) -> int | None:
        return None if self.worker is None else self.worker.worker_id


def run_worker(
    database: Database, conninfo: str, work: Callable[[], object], *, stop: Callable[[], None]
) -> None:
    """Call `work` when there is some, until SIGINT or SIGTERM; `stop` tells it to end after the job in hand.

    `conninfo` is a libpq connection string; LISTEN needs a direct connection, not a transaction pool.
    """
    asyncio.run(_run(database, conninfo, work, stop))


async def _run(
    database: Database, conninfo: str, work: Callable[[], object], stop: Callable[[], None]
) -> None:
    stopping = asyncio.Event()

    def end() -> None:
        stop()
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end)
    while not stopping.is_set():
        here = Listener()
        listening = asyncio.create_task(_listen(database, conninfo, work, here))
        watching = asyncio.create_task(_watch(database, here))
        await _first_of(listening, watching, stopping=stopping)
        silent = watching.done()
        watching.cancel()
        listening.cancel()  # procrastinate takes this as a wish to end, and finishes the job in hand
        await asyncio.wait({listening}, timeout=LEAVE_SECONDS if silent else None)
        _tell(listening, silent=silent)
        await _first_of(asyncio.create_task(asyncio.sleep(PAUSE_SECONDS)), stopping=stopping)


def _tell(listening: "asyncio.Task[None]", *, silent: bool) -> None:
    if silent:
        log.warning("worker was not heard of, listens anew", ended=listening.done())
    elif listening.done() and not listening.cancelled() and (lost := listening.exception()):
        log.warning("worker lost the database", error=type(lost).__name__)


async def _listen(database: Database, conninfo: str, work: Callable[[], object], here: Listener) -> None:
    app = worker_app(conninfo, work)
    async with app.open_async():
        here.worker = Worker(
            app=app,
            queues=[QUEUE],
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
        )
        sweeping = asyncio.create_task(_sweep(database))
        try:
            await here.worker.run()  # type: ignore[no-untyped-call]
        finally:
            sweeping.cancel()


async def _watch(database: Database, here: Listener) -> None:
    """End when the database answers but has long heard nothing of this listener.

    A listener can be left waiting for ever by a database that went away in the middle of an answer.
    """
    last_heard = monotonic()
    while monotonic() - last_heard < SILENCE_SECONDS:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        try:
            heard = await asyncio.to_thread(_is_heard, database, here.known)
        except Exception:  # nobody is heard by a database that is away
            heard = True
        if heard:
            last_heard = monotonic()


def _is_heard(database: Database, worker_id: int | None) -> bool:
    with database.read() as connection:
        return is_heard(connection, worker_id, seconds=SILENCE_SECONDS)


async def _sweep(database: Database) -> None:
    while True:
        with suppress(Exception):  # a lost connection ends the worker's own loop too, which reports it
            await asyncio.to_thread(_forget_stalled, database)
        await asyncio.sleep(SWEEP_SECONDS)


def _forget_stalled(database: Database) -> None:
    with database.write() as connection:
        forget_stalled(connection)


async def _first_of(*tasks: "asyncio.Task[None]", stopping: asyncio.Event) -> None:
    asked = asyncio.create_task(stopping.wait())
    await asyncio.wait({*tasks, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
