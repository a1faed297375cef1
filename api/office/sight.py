"""Which cycles somebody follows: the own assessors', where the right holds for the assessor as a whole.

One office never sees another assessor's years, though both work in one installation.
"""

from typing import Any

from sqlalchemy import Connection

from api.calendars import assessors_of
from api.errors import Trouble
from engine.people.persons import Person
from engine.people.rights import Thing, may, require
from engine.runtime.setup import Cycle
from processes.cycle.running import engine_cycle
from processes.planning.queries import cycles_of


def cycles_for(connection: Connection, person: Person, act: str) -> list[dict[str, Any]]:
    """The cycles in which the person may `act` for a whole assessor, newest first, the first post's
    assessor first. Raises Trouble(403) for who has no such right at all."""
    if not any(right.reach in ("assessor", "all") for right in person.rights_to(act)):
        raise Trouble(403, "not_allowed")
    return [
        cycle
        for assessor in assessors_of(person)
        for cycle in cycles_of(connection, assessor)
        if may(person, act, Thing(assessor_id=assessor, cycle_id=cycle["id"]))
    ]


def cycle_to_run(connection: Connection, person: Person, cycle_id: str) -> Cycle:
    """The cycle that the person is about to organise. Raises NotAllowed, Trouble(404)."""
    try:
        cycle = engine_cycle(connection, cycle_id)
    except LookupError:
        raise Trouble(404, "not_found") from None
    whole = Thing(assessor_id=cycle.assessor_id, cycle_id=cycle.id)
    require_sight(person, "run_cycle", whole)
    require(person, "run_cycle", whole)
    return cycle


def require_sight(person: Person, act: str, thing: Thing) -> None:
    """Raises Trouble(404) for another assessor's matter: none of the person's own, and not to `act` on."""
    if thing.assessor_id not in assessors_of(person) and not may(person, act, thing):
        raise Trouble(404, "not_found")
