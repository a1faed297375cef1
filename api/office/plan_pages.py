"""各单位目标: every planning unit of a year, for who reviews, decides or supervises them all."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.calendars import assessor_of
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.session import signed_in
from api.shell import sees_all_targets
from engine.people.persons import Person
from processes.planning.queries import cycles_of, office_overview

router = APIRouter(prefix="/plans", include_in_schema=False)


@router.get("")
def show_plans(
    request: Request,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The units of one cycle with what they have, each leading to its targets."""
    assessor = assessor_of(person)
    if assessor is None or not sees_all_targets(person):
        raise Trouble(403, "not_allowed")
    with house.database.read() as connection:
        cycles = cycles_of(connection, assessor)
        chosen = next((one for one in cycles if cycle in ("", one["id"])), None)
        if chosen is None:
            raise Trouble(404, "not_found", _("还没有考评年度。") if not cycles else "")
        units = office_overview(connection, chosen["id"])
    return page(request, "office/plans.html", cycles=cycles, cycle=chosen, units=units)
