"""Placeholders: does a target still wait for a figure, and can it be scored?"""

from sqlalchemy import Connection, update

from processes.planning.entry import TARGETS
from processes.planning.reading import target_of


def settle(connection: Connection, target_id: str) -> None:
    """Say whether a target still waits for a value: until it has all of them it cannot be scored."""
    target = target_of(connection, target_id)
    assert target is not None
    pending = any(measure.row["awaits"] for measure in target.measures)
    connection.execute(
        update(TARGETS).where(TARGETS.c.id == target_id).values(pending=pending, scorable=not pending)
    )
