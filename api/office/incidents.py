"""重试: letting an instance run on whose diagram or service had failed; the same for the page and REST."""

from api.errors import Trouble
from api.house import House
from engine.people.persons import Person
from engine.people.rights import Thing, may, require
from engine.runtime import incidents
from engine.runtime.setup import Actor
from engine.store import Row
from engine.work.history import may_see


def retry(house: House, person: Person, incident_id: str) -> Row:
    """The job runs again, the incident is closed, and who did it is noted. Raises Trouble, NotAllowed."""
    with house.database.write() as connection:
        found = incidents.read_open(connection, incident_id)
        if found is None:
            raise Trouble(404, "not_found")
        # Asked at the assessor, not at the unit: who may urge one unit's people mends nothing.
        where = Thing(assessor_id=found["assessor_id"], cycle_id=found["cycle_id"])
        instance_id = found["instance_id"]
        if not may(person, "urge", where) and not (instance_id and may_see(connection, person, instance_id)):
            raise Trouble(404, "not_found")
        require(person, "urge", where)
        incidents.retry(house.engine.setup, connection, incident_id, by=Actor(person.id, person.name))
    return found
