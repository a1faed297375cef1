"""A cycle as the engine sees it."""

from sqlalchemy import Connection, select

from engine.people.tables import Unit
from engine.runtime.setup import Cycle as EngineCycle
from processes.cycle.records import Cycle
from processes.tables import table_of

CYCLES = table_of(Cycle)
UNITS = table_of(Unit)


def engine_cycle(connection: Connection, cycle_id: str) -> EngineCycle:
    """What diagrams may read of a cycle. Raises LookupError when there is none."""
    row = connection.execute(
        select(
            CYCLES.c.id,
            CYCLES.c.year,
            CYCLES.c.profile,
            CYCLES.c.run_mode,
            CYCLES.c.assessor_id,
            UNITS.c.name,
        )
        .join(UNITS, UNITS.c.id == CYCLES.c.assessor_id)
        .where(CYCLES.c.id == cycle_id)
    ).one_or_none()
    if row is None:
        raise LookupError(f"no cycle {cycle_id}")
    return EngineCycle(row.id, row.year, row.profile, row.run_mode, row.assessor_id, row.name)
