"""Incidents: what stopped and waits for a person. The office sees the reason, mends it and retries."""

from pathlib import Path

from sqlalchemy import Connection

from engine.jobs import queue
from engine.runtime.setup import Actor, Setup
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("incidents.sql"))


def open_incidents(connection: Connection, *, limit: int = 200) -> list[Row]:
    """Open incidents, newest first: id, instance_id, element_id, kind, message, raised_at, subject_name …"""
    return QUERIES.rows(connection, "open", row_limit=limit)


def retry(setup: Setup, connection: Connection, incident_id: str, *, by: Actor) -> bool:
    """Let the stopped job run again and close the incident; False when it is closed already."""
    incident = QUERIES.row(connection, "read", id=incident_id)
    if incident is None:
        return False
    if incident["job_id"] is not None:
        queue.retry(connection, setup.queue, incident["job_id"])
    now = setup.clock.now()
    QUERIES.run(connection, "resolve", id=incident_id, at=now, by=by.person_id, resolution="retry")
    return True
