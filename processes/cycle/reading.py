"""What every stage asks of its cycle: the row, and the content of the scheme it runs under."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from processes.cycle.records import Cycle, ProfileVersion
from processes.tables import table_of

CYCLES = table_of(Cycle)
PROFILES = table_of(ProfileVersion)


def cycle_of(connection: Connection, cycle_id: str) -> Mapping[str, Any]:
    """The cycle's row."""
    return dict(connection.execute(select(CYCLES).where(CYCLES.c.id == cycle_id)).mappings().one())


def scheme_of(connection: Connection, cycle_id: str) -> Mapping[str, Any]:
    """The content of the cycle's profile version."""
    content = connection.execute(
        select(PROFILES.c.content)
        .join(CYCLES, CYCLES.c.profile_version_id == PROFILES.c.id)
        .where(CYCLES.c.id == cycle_id)
    ).scalar_one()
    assert isinstance(content, Mapping)
    return content
