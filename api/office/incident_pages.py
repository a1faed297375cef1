"""重试: the office lets an instance run on whose diagram or service had failed."""

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.rights import Thing, require
from engine.runtime import incidents
from engine.runtime.setup import Actor

router = APIRouter(prefix="/office/incidents", include_in_schema=False)


@router.post("/{incident_id}/retry")
def retry(
    incident_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """After the mending: the job runs again, the incident is closed, and who did it is on record."""
    with house.database.write() as connection:
        found = incidents.read_open(connection, incident_id)
        if found is None:
            raise Trouble(404, "not_found")
        where = Thing(
            unit_id=found["subject_unit_id"], assessor_id=found["assessor_id"], cycle_id=found["cycle_id"]
        )
        require(person, "urge", where)
        incidents.retry(house.engine.setup, connection, incident_id, by=Actor(person.id, person.name))
    return RedirectResponse(f"/office?cycle={found['cycle_id']}&said=retried", status_code=303)
