"""Where the work goes on when a called instance ends: in the process that has called it."""

from pathlib import Path

from sqlalchemy import Connection

from engine.runtime.setup import Setup
from engine.runtime.steps.rows import InstanceRow
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("above.sql"))


def goes_on_above(setup: Setup, connection: Connection, row: InstanceRow) -> tuple[str, ...]:
    """What the caller does when this instance ends, in one sentence; nothing where nobody waits for it."""
    found = row.fan_out_id and QUERIES.row(connection, "caller", fan_out_id=row.fan_out_id)
    if not found:
        return ()
    version = setup.definitions.process(connection, found["definition_version_id"])
    element = version.element(found["element_id"])
    step = f"上级流程“{version.drawn.name}”的“{element.name or element.id}”"
    others = found["remaining"] - 1
    if others > 0:
        return (f"{step}还有 {others} 个没有办完，都办完以后继续",)
    return (f"{step}随即办完，上级流程继续",)
