"""发起, 新建: the office starts the planning of a year, and opens the next one."""

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.calendars import assessor_for
from api.errors import Trouble
from api.house import House, house_of
from api.office.cycles import PLANNING, open_next_year, start_process
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/office/cycles", include_in_schema=False)


@router.post("/{cycle_id}/plan")
def plan(cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """发起年度目标制定; a year is planned once."""
    start_process(house, person, cycle_id, PLANNING)
    return RedirectResponse(f"/office?cycle={cycle_id}&said=started", status_code=303)


@router.post("")
def open_year(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """新建: the year after the last one, under the profile's newest state."""
    year = text_of(form, "year")
    assessor = text_of(form, "assessor") or assessor_for(person, "run_cycle")
    if not (year.isascii() and year.isdigit() and len(year) == 4) or assessor is None:
        raise Trouble(422, "malformed")
    cycle_id = open_next_year(house, person, assessor, int(year))
    return RedirectResponse(f"/office?cycle={cycle_id}&said=opened", status_code=303)
