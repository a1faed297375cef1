"""各单位目标: every planning unit of a year, for who reviews, decides or supervises them all."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.office.following import chosen_cycle, planned_cycles
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person
from processes.planning.queries import office_overview

router = APIRouter(prefix="/plans", include_in_schema=False)


@router.get("")
def show_plans(
    request: Request,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The units of one cycle with what they have, each leading to its targets."""
    with house.database.read() as connection:
        cycles = planned_cycles(connection, person)
        chosen = chosen_cycle(cycles, cycle, today=house.today)
        units = office_overview(connection, chosen["id"])
    return page(request, "office/plans.html", cycles=cycles, cycle=chosen, units=units)
