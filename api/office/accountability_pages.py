"""问责: the year's cases and flags, starting it, and one case with everything that was done."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.office.accountability import case_to_see, read_year
from api.office.cycles import ACCOUNTABILITY, start_process
from api.office.year import held_by_year
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/accountability", include_in_schema=False)


@router.get("")
def show_year(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Which units are concerned, what follows, where it stands; and the flags of the year."""
    with house.database.read() as connection:
        found = read_year(connection, person, cycle)
        held = held_by_year(house, connection, person, found.cycle, ACCOUNTABILITY)
    told = _("已发起问责。有有关单位的，处理方案马上到考评办主任的待办。") if said == "started" else ""
    return page(request, "office/accountability.html", found=found, cycle=found.cycle, held=held, said=told)


@router.post("/cycles/{cycle_id}/start")
def start(cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """发起问责; once a year, after the grades."""
    start_process(house, person, cycle_id, ACCOUNTABILITY)
    return RedirectResponse(f"/accountability?cycle={cycle_id}&said=started", status_code=303)


@router.get("/{case_id}")
def show_case(
    request: Request, case_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """One unit's case: why, what follows, and its way."""
    with house.database.read() as connection:
        case, sees_all = case_to_see(connection, person, case_id)
    return page(request, "office/case.html", case=case, row=case.row, sees_all=sees_all)
