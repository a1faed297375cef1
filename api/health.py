"""Whether the server is well: for load balancers, monitors and start scripts. Says nothing of people or work.

`/livez`: the program answers. `/readyz`: it can serve people: send them here. `/healthz`: the installation is
well: the background work is being done too.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

import psycopg
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from api.assembly import open_database
from api.settings import Settings
from engine.runtime.engine import Engine
from engine.store import Database, Queries
from processes.schema import SchemaState, schema_state

router = APIRouter(include_in_schema=False)
QUERIES = Queries(Path(__file__).with_name("health.sql"))
KEPT_SECONDS = 1.0
"""How long an answer serves everybody who asks."""
LATE_SECONDS = 60
"""Background work that has been due for so long is not being done."""

DatabaseState = Literal["ok", "stands_by", "down"]
FilesState = Literal["ok", "down"]


@dataclass(frozen=True)
class Health:
    """What was found. `workers` is None where the server itself does the background work."""

    database: DatabaseState = "down"
    schema: SchemaState | Literal["unknown"] = "unknown"
    files: FilesState = "down"
    workers: int | None = None
    oldest_job_seconds: int = 0

    @property
    def ready(self) -> bool:
        """Whether people may be sent here. A newer schema serves a server that is about to be replaced."""
        return self.database == "ok" and self.schema in ("current", "newer") and self.files == "ok"

    @property
    def well(self) -> bool:
        """Whether nobody needs to look."""
        return self.ready and self.workers != 0 and self.oldest_job_seconds < LATE_SECONDS


@dataclass
class Probe:
    """Looks on a connection of its own, so that a busy server is not taken for a dead one."""

    settings: Settings
    engine: Engine
    _lock: Lock = field(default_factory=Lock)
    _found: Health = field(default_factory=Health)
    _found_at: float = float("-inf")
    _own: Database | None = None

    def look(self) -> Health:
        """What stands now, or a moment ago."""
        with self._lock:
            if time.monotonic() - self._found_at > KEPT_SECONDS:
                self._found = self._look()
                self._found_at = time.monotonic()
            return self._found

    def _look(self) -> Health:
        files = os.access(self.settings.data_dir, os.W_OK | os.X_OK)
        try:
            with self._database().read() as connection:
                return _asked(connection, files="ok" if files else "down")
        except (SQLAlchemyError, psycopg.Error):
            return Health(files="ok" if files else "down")

    def _database(self) -> Database:
        if self.engine.database.dialect == "sqlite":
            return self.engine.database
        if self._own is None:
            self._own = open_database(self.settings, pool_size=1)
        return self._own


def _asked(connection: Connection, *, files: FilesState) -> Health:
    row = QUERIES.row(connection, "oldest_due")
    oldest = row["run_at"] if row else None
    late = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0
    workers, stands_by = None, False
    if connection.dialect.name == "postgresql":
        [at_work] = QUERIES.rows(connection, "workers")
        [recovering] = QUERIES.rows(connection, "stands_by")
        workers, stands_by = int(at_work["alive"]), bool(recovering["stands_by"])
    return Health(
        database="stands_by" if stands_by else "ok",
        schema=schema_state(connection),
        files=files,
        workers=workers,
        oldest_job_seconds=max(0, int(late)),
    )


def probe_of(request: Request) -> Probe:
    """The probe of this server."""
    probe: Probe = request.app.state.probe
    return probe


@router.get("/livez")
async def alive() -> Response:
    """200 as long as the program answers at all; asks nobody else."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def ready(probe: Probe = Depends(probe_of)) -> Response:
    """200 when people may be sent here, else 503: the database writes, the schema fits, files can be kept."""
    found = probe.look()
    parts = {"database": found.database, "schema": found.schema, "files": found.files}
    return _answer(found.ready, parts)


@router.get("/healthz")
def health(probe: Probe = Depends(probe_of)) -> Response:
    """Like `/readyz`, and 503 too when nobody does the background work."""
    found = probe.look()
    parts = {
        "database": found.database,
        "schema": found.schema,
        "files": found.files,
        "workers": found.workers,
        "oldest_job_seconds": found.oldest_job_seconds,
    }
    return _answer(found.well, parts)


def _answer(well: bool, parts: Mapping[str, object]) -> Response:
    return JSONResponse({"status": "ok" if well else "failing", **parts}, status_code=200 if well else 503)
