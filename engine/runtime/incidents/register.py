"""Incidents: what stopped and waits for a person. The office sees the reason, mends it and lets it go on."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.people.posts import OFFICE
from engine.runtime.steps.rows import InstanceRow
from engine.store import Queries, Row
from engine.work.notices import Notice, notify

QUERIES = Queries(Path(__file__).with_name("register.sql"))
MOST = 200


def open_incidents(connection: Connection, *, limit: int = MOST) -> list[Row]:
    """Open incidents, newest first: id, instance_id, element_id, kind, message, raised_at, subject_name …"""
    return QUERIES.rows(connection, "open", row_limit=limit)


def incidents_of(connection: Connection, cycle_id: str, *, limit: int = MOST) -> list[Row]:
    """Open incidents of a cycle, newest first; `same` says how many have the same cause, itself included."""
    return QUERIES.rows(connection, "of_cycle", cycle_id=cycle_id, row_limit=limit)


def read_open(connection: Connection, incident_id: str) -> Row | None:
    """An open incident with where it belongs: cycle, assessor, instance, job; None when it is closed."""
    return QUERIES.row(connection, "read", id=incident_id)


def same_cause(connection: Connection, incident_id: str, *, limit: int = 1000) -> list[Row]:
    """Open incidents of the same cycle, process, element, kind and code, this one included, oldest first."""
    return QUERIES.rows(connection, "same", id=incident_id, row_limit=limit)


def tell_office(connection: Connection, incident: Row, instance: InstanceRow | None, *, at: datetime) -> None:
    """A notice to the assessor's office, once for each cause: a thousand units may fail at the same step."""
    if incident["assessor_id"] is None:
        return
    cause = {name: incident[name] for name in ("cycle_id", "kind", "code", "element_id", "id")}
    process_key = instance.process_key if instance else ""
    if QUERIES.row(connection, "like_it", **cause, process_key=process_key) is not None:
        return
    notice = Notice(
        cycle_id=incident["cycle_id"],
        kind="incident",
        unit_id=incident["assessor_id"],
        post_key=OFFICE[0],
        instance_id=incident["instance_id"],
        params={
            "incident": incident["id"],
            "subject": instance.subject_name if instance else "",
            "process": process_key,
            "element": incident["element_id"],
            "version": instance.definition_version_id if instance else "",
            "about": incident["kind"],
        },
    )
    notify(connection, [notice], at=at)
