"""A worker on PostgreSQL. It outlives the database: when the connection is lost, it comes back later."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from engine.jobs.postgresql import QUEUE, forget_stalled, worker_app
from engine.store import Database

log = structlog.get_logger(__name__)
GRACE = timedelta(seconds=2)
"""A job that is due so long has lost its wake-up, or the worker that was running it: anybody takes it."""
PAUSE_SECONDS = 3.0
SWEEP_SECONDS = 60.0


def run_worker(database: Database, conninfo: str, run_job: Callable[[str], object]) -> None:
    """Run jobs when they are announced, until SIGINT or SIGTERM; the job in hand is finished first.

    `conninfo` is a libpq connection string; LISTEN needs a direct connection, not a transaction pool.
    """
    asyncio.run(_work(database, conninfo, run_job))


async def _work(database: Database, conninfo: str, run_job: Callable[[str], object]) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        listening = asyncio.create_task(_listen(database, conninfo, run_job))
        await _first_of(listening, stopping)
        listening.cancel()  # procrastinate takes this as a wish to end, and finishes the job in hand
        with suppress(asyncio.CancelledError):
            try:
                await listening
            except Exception as lost:
                log.warning("worker lost the database", error=type(lost).__name__)
        await _first_of(asyncio.create_task(asyncio.sleep(PAUSE_SECONDS)), stopping)


async def _listen(database: Database, conninfo: str, run_job: Callable[[str], object]) -> None:
    app = worker_app(conninfo, run_job)
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
