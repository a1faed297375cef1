"""PostgreSQL: procrastinate wakes the workers. The `job` row stays the truth of what is to be done.

A wake-up is queued on the caller's own connection, so it exists exactly when the job does.
"""

from collections.abc import Callable
from typing import Any, cast

import orjson
import procrastinate
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection

from engine.store import Row
from engine.store.sql import execute

QUEUE = "bihuan"
TASK = "bihuan.run_job"
_DEFER = """
select procrastinate_defer_jobs_v1(array[
  row(%s, %s, 0, null, null, %s::jsonb, %s)::procrastinate_job_to_defer_v1
])
"""


class ProcrastinateQueue:
    """The queue of a database that has procrastinate's tables."""

    def announce(self, connection: Connection, rows: list[Row]) -> None:
        for row in rows:
            args = orjson.dumps({"job_id": row["id"]}).decode()
            execute(connection, _DEFER, [QUEUE, TASK, args, row["run_at"]]).close()


def ensure_procrastinate(connection: Connection) -> None:
    """Make procrastinate's own tables where they do not exist yet."""
    present = execute(connection, "select to_regclass('procrastinate_jobs')", []).fetchone()
    if present is None or present[0] is None:
        driver = cast(Any, connection.connection.driver_connection)
        driver.execute(SchemaManager.get_schema())


def worker_app(conninfo: str, run_job: Callable[[str], object]) -> procrastinate.App:
    """The application that a worker runs: its one task runs a job by its id.

    `conninfo` is a libpq connection string; LISTEN needs a direct connection, not a transaction pool.
    """
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))

    @app.task(name=TASK, queue=QUEUE)
    def _run(job_id: str) -> None:
        run_job(job_id)

    return app
