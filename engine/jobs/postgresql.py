"""PostgreSQL: procrastinate wakes the workers. The `job` row stays the truth of what is to be done.

A wake-up is queued on the caller's own connection, so it exists exactly when the job does. It may be lost
or come twice: who takes the job's row runs the job.
"""

from collections.abc import Callable
from pathlib import Path

import orjson
import procrastinate
import structlog
from sqlalchemy import Connection

from engine.store import Queries, Row

log = structlog.get_logger(__name__)
QUEUE = "bihuan"
TASK = "bihuan.run_job"
QUERIES = Queries(Path(__file__).with_name("postgresql.sql"))


class ProcrastinateQueue:
    """The queue of a database that has procrastinate's tables."""

    def announce(self, connection: Connection, rows: list[Row]) -> None:
        for row in rows:
            args = orjson.dumps({"job_id": row["id"]}).decode()
            QUERIES.run(connection, "announce", queue=QUEUE, task=TASK, args=args, at=row["run_at"])


def forget_stalled(connection: Connection) -> int:
    """Delete the wake-ups that a worker took and never gave back; how many. Their jobs are not touched."""
    return QUERIES.run(connection, "forget_stalled", queue=QUEUE)


def worker_app(conninfo: str, run_job: Callable[[str], object]) -> procrastinate.App:
    """The application that a worker runs: its one task runs a job by its id."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))

    @app.task(name=TASK, queue=QUEUE)
    def _run(job_id: str) -> None:
        try:
            run_job(job_id)
        except Exception:
            # The job's row is as it was: whoever looks for overdue jobs runs it again.
            log.exception("job could not be run", job=job_id)

    return app
