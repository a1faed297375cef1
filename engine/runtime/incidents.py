"""Incidents: what stopped and waits for a person. The office sees the reason, mends it and retries."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.ids import new_id
from engine.jobs import queue
from engine.runtime.setup import Actor, Setup
from engine.runtime.step import Step
from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("incidents.sql"))


def open_incidents(connection: Connection, *, limit: int = 200) -> list[Row]:
    """Open incidents, newest first: id, instance_id, element_id, kind, message, raised_at, subject_name …"""
    return QUERIES.rows(connection, "open", row_limit=limit)


def read_open(connection: Connection, incident_id: str) -> Row | None:
    """An open incident with where it belongs: cycle, assessor, subject unit, instance; None when closed."""
    return QUERIES.row(connection, "read", id=incident_id)


def hold(setup: Setup, connection: Connection, step: Step, *, element_id: str, reason: str) -> None:
    """An instance whose diagram failed stays where it is; a stopped job lets it run on after the mending."""
    job_id, now = new_id(), datetime.now(UTC)
    job = {
        "id": job_id,
        "cycle_id": step.row.cycle_id,
        "kind": "go_on",
        "instance_id": step.row.id,
        "payload_text": "{}",
        "state": "stopped",
        "attempts": 1,
        "max_attempts": 1,
        "run_at": now,
        "created_at": now,
        "last_error": reason[:2000],
    }
    incident = {
        "id": new_id(),
        "cycle_id": step.row.cycle_id,
        "assessor_id": step.row.assessor_id,
        "instance_id": step.row.id,
        "job_id": job_id,
        "element_id": element_id,
        "kind": "diagram",
        "message": reason[:2000],
        "raised_at": setup.clock.now(),
        "resolution": "",
    }
    insert_rows(connection, "job", [job])
    insert_rows(connection, "incident", [incident])


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
