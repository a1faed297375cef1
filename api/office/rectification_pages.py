"""意见整改: the year's issues and one issue; the office starts the yearly batch here."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.office.cycles import start_process
from api.office.rectification import BATCH, read_issue, read_issues
from api.office.year import held_by_year
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/rectification", include_in_schema=False)


@router.get("")
def list_issues(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The issues of a year: all for the office, a unit's own for its people."""
    with house.database.read() as connection:
        found = read_issues(connection, person, cycle)
        held = held_by_year(house, connection, person, found.cycle, BATCH)
    told = _("已发起意见整改。热点问题和意见马上到考评办经办的待办。") if said == "started" else ""
    return page(request, "office/rectification.html", found=found, cycle=found.cycle, held=held, said=told)


@router.post("/cycles/{cycle_id}/start")
def start(cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """发起意见整改; a year's batch is started once."""
    start_process(house, person, cycle_id, BATCH)
    return RedirectResponse(f"/rectification?cycle={cycle_id}&said=started", status_code=303)


@router.get("/{issue_id}")
def show_issue(
    request: Request, issue_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """One issue with its rounds, its way and what was said."""
    with house.database.read() as connection:
        story, contacts = read_issue(connection, person, issue_id)
    return page(request, "office/issue.html", story=story, issue=story.issue, contacts=contacts)
