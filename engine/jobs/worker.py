"""A worker on PostgreSQL. It outlives the database: when the connection is lost, it comes back later."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

import structlog

from engine.jobs.postgresql import QUEUE, forget_stalled, worker_app
from engine.store import Database

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 3.0
SWEEP_SECONDS = 60.0


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
        listening = asyncio.create_task(_listen(database, conninfo, work))
        await _first_of(listening, stopping)
        listening.cancel()  # procrastinate takes this as a wish to end, and finishes the job in hand
        with suppress(asyncio.CancelledError):
            try:
                await listening
            except Exception as lost:
                log.warning("worker lost the database", error=type(lost).__name__)
        await _first_of(asyncio.create_task(asyncio.sleep(PAUSE_SECONDS)), stopping)


async def _listen(database: Database, conninfo: str, work: Callable[[], object]) -> None:
    app = worker_app(conninfo, work)
    async with app.open_async():
        sweeping = asyncio.create_task(_sweep(database))
        try:
            await app.run_worker_async(queues=[QUEUE], delete_jobs="always", install_signal_handlers=False)
        finally:
            sweeping.cancel()


async def _sweep(database: Database) -> None:
    while True:
        with suppress(Exception):  # a lost connection ends the worker's own loop too, which reports it
            await asyncio.to_thread(_forget_stalled, database)
        await asyncio.sleep(SWEEP_SECONDS)


def _forget_stalled(database: Database) -> None:
    with database.write() as connection:
        forget_stalled(connection)


async def _first_of(task: "asyncio.Task[None]", stopping: asyncio.Event) -> None:
    asked = asyncio.create_task(stopping.wait())
    await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
