"""目标分解: who carries what of a unit's targets, one's own duties (我的指标), and how far the units are."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.office.decomposing import read_progress, read_trees
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person
from processes.decomposition.showing import VERDICTS, duties_of
from processes.planning.versions import exact_text

router = APIRouter(include_in_schema=False)


@router.get("/units/{unit_id}/decomposition")
def show_trees(
    request: Request,
    unit_id: str,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A unit's targets, the divisions' shares and the persons' duties, each with its answer."""
    with house.database.read() as connection:
        found = read_trees(connection, person, unit_id, cycle, today=house.today)
    return page(request, "office/decomposition.html", found=found, verdicts=VERDICTS, exact=exact_text)


@router.get("/duties")
def show_duties(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """我的指标: what the person answers for."""
    with house.database.read() as connection:
        duties = duties_of(connection, person.id)
    return page(request, "office/duties.html", duties=duties, exact=exact_text)


@router.get("/office/decomposition")
def show_progress(
    request: Request,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """How far each unit of a year is."""
    with house.database.read() as connection:
        cycles, chosen, units = read_progress(connection, person, cycle, today=house.today)
    return page(request, "office/decompositions.html", cycles=cycles, cycle=chosen, units=units)
