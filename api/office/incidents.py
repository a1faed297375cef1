"""处理异常: what has stopped in a cycle, and mending it; the same for the pages and REST."""

from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.office.sight import cycles_for
from engine.people.persons import Person
from engine.verbs.mending import Mended, Mending, mend


def retry(house: House, person: Person, incident_id: str) -> Mended:
    """It is tried again, and who did it is on record. Raises a Refusal."""
    return mend(house.engine, person, incident_id, "retry", Mending())


def mended_cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles whose incidents the person mends, newest first. Raises Trouble(403)."""
    return cycles_for(connection, person, "mend")


def mended_cycle(connection: Connection, person: Person, cycle_id: str) -> dict[str, Any]:
    """One of them. Raises Trouble(404)."""
    for cycle in mended_cycles(connection, person):
        if cycle["id"] == cycle_id:
            return cycle
    raise Trouble(404, "not_found")
