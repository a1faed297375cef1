"""PostgreSQL: procrastinate wakes the workers. The `job` row stays the truth of what is to be done.

A wake-up is queued on the caller's own connection, so it exists exactly when the job does. It names no job:
whoever wakes looks for all that is due. So it may be lost or come twice, and a worker that has looked may
forget those of others.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakKeyDictionary

import procrastinate
import structlog
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Transaction

from engine.store import Queries, Row
from engine.store.database import WATCHFUL

log = structlog.get_logger(__name__)
QUEUE = "bihuan"
TASK = "bihuan.work"
MOST_WAKE_UPS = 4
"""How many workers one transaction wakes, however many jobs it queues; others join as they find time."""
UNHURRIED = "-c synchronous_commit=off"
"""What procrastinate notes of a wake-up need not outlive a crash of the database."""
QUERIES = Queries(Path(__file__).with_name("postgresql.sql"))


class ProcrastinateQueue:
    """The queue of a database that has procrastinate's tables."""

    def __init__(self) -> None:
        self._announced: WeakKeyDictionary[Transaction, int] = WeakKeyDictionary()

    def announce(self, connection: Connection, rows: list[Row]) -> None:
        for row in rows:
            if row["run_at"] > datetime.now(UTC) or self._wakes_more(connection):
                QUERIES.send(connection, "announce", queue=QUEUE, task=TASK, at=row["run_at"])

    def _wakes_more(self, connection: Connection) -> bool:
        """Whether one more wake-up of this transaction would find somebody asleep."""
        transaction = connection.get_transaction()
        if transaction is None:
            return True
        announced = self._announced[transaction] = self._announced.get(transaction, 0) + 1
        return announced <= MOST_WAKE_UPS


def forget_stalled(connection: Connection) -> int:
    """Delete the wake-ups that a worker took and never gave back; how many. Their jobs are not touched."""
    return QUERIES.run(connection, "forget_stalled", queue=QUEUE)


def is_heard(connection: Connection, worker_id: int | None, *, seconds: float) -> bool:
    """Whether this worker's heartbeat has come within so many seconds."""
    return bool(QUERIES.rows(connection, "heard", id=worker_id, seconds=seconds))


def worker_app(conninfo: str, work: Callable[[], object]) -> procrastinate.App:
    """The application that a worker runs: its one task does what is due."""
    given = conninfo_to_dict(conninfo).get("options") or ""
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo, kwargs={**WATCHFUL, "options": f"{given} {UNHURRIED}".strip()}
    )
    app = procrastinate.App(connector=connector)

    @app.task(name=TASK, queue=QUEUE)
    def _work() -> None:
        try:
            work()
        except Exception:
            # The jobs' rows are as they were: whoever looks for what is due runs them again.
            log.exception("work could not be done")

    return app
