"""Who has called an instance, and what is caught there of what comes out of it."""

from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.specs.ending import catches
from engine.runtime.setup import Setup
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("callers.sql"))


def catches_error(setup: Setup, connection: Connection, fan_out_id: str | None, code: str) -> bool:
    """Does the caller of a child instance, or the caller's own caller, catch an error of this code?"""
    while fan_out_id is not None:
        call = QUERIES.row(connection, "call", id=fan_out_id)
        if call is None:
            return False
        process = setup.definitions.process(connection, call["definition_version_id"]).process
        if catches(process, call["element_id"], code):
            return True
        fan_out_id = call["fan_out_id"]
    return False
