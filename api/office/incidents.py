"""重试: letting an instance run on whose diagram or service had failed; the same for the page and REST."""

from api.errors import Trouble
from api.house import House
from engine.people.persons import Person
from engine.people.rights import Thing, require
from engine.runtime import incidents
from engine.runtime.setup import Actor
from engine.store import Row


def retry(house: House, person: Person, incident_id: str) -> Row:
    """The job runs again, the incident is closed, and who did it is noted. Raises Trouble, NotAllowed."""
    with house.database.write() as connection:
        found = incidents.read_open(connection, incident_id)
        if found is None:
            raise Trouble(404, "not_found")
        where = Thing(
            unit_id=found["subject_unit_id"], assessor_id=found["assessor_id"], cycle_id=found["cycle_id"]
        )
        require(person, "urge", where)
        incidents.retry(house.engine.setup, connection, incident_id, by=Actor(person.id, person.name))
    return found
