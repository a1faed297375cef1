"""Instances as the command line and the office list them, and where one stands."""

from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import UnknownInstance, read_instance
from engine.runtime.steps.step import RUNNING, SUSPENDED, look_at
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("listing.sql"))
SHORTEST = 8


def instances(
    connection: Connection,
    *,
    process_key: str = "",
    version: int = 0,
    status: str = "",
    cycle_id: str = "",
    limit: int = 100,
) -> list[Row]:
    """Instances that fit, newest first: id, process_key, version, subject_name, status, open_items …"""
    return QUERIES.rows(
        connection,
        "listed",
        process_key=process_key,
        process_key2=process_key,
        version=version,
        version2=version,
        status=status,
        status2=status,
        cycle_id=cycle_id,
        cycle_id2=cycle_id,
        row_limit=limit,
    )


def instance_by(connection: Connection, beginning: str) -> Row:
    """The one instance whose id is, or begins with, `beginning`. Raises `UnknownInstance`."""
    found = QUERIES.row(connection, "one", id=beginning)
    if found is None and len(beginning) >= SHORTEST and beginning.replace("-", "").isalnum():
        rows = QUERIES.rows(connection, "beginning", pattern=f"{beginning}%")
        found = QUERIES.row(connection, "one", id=rows[0]["id"]) if len(rows) == 1 else None
    if found is None:
        raise UnknownInstance(beginning)
    return found


def waits_of(setup: Setup, connection: Connection, instance_id: str) -> list[tuple[str, Wait]]:
    """What an instance waits for now, each with the name of its element; nothing when it has ended."""
    row = read_instance(connection, instance_id)
    if row.status not in (RUNNING, SUSPENDED):
        return []
    step = look_at(setup, connection, row)
    waits = step.before.values()
    return [(step.version.element(wait.element).name or wait.element, wait) for wait in waits]
