"""重试: the office lets an instance run on whose diagram or service had failed."""

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.office import incidents
from api.security.session import signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/office/incidents", include_in_schema=False)


@router.post("/{incident_id}/retry")
def retry(
    incident_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """After the mending: the job runs again, the incident is closed, and who did it is on record."""
    found = incidents.retry(house, person, incident_id)
    return RedirectResponse(f"/office?cycle={found.cycle_id}&said=retried", status_code=303)
