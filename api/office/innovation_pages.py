"""创新创优: the year's projects and marks, the experts, an expert's material, objections of units."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import shown_in
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.office import innovation
from api.office.expert_seats import read_seat, seat_file
from api.office.year import held_by_year
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from processes.innovation.publicity import ObjectionRefused, open_publicity, published_awards

router = APIRouter(prefix="/innovation", include_in_schema=False)
SAID = {
    "started": "已发起创新创优。选题目录在考评办经办的待办里。",
    "objected": "已收到贵单位的异议，考评办会答复。",
}


@router.get("")
def show_year(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A year's projects: all with marks for the office, a unit's own for its people."""
    with house.database.read() as connection:
        year = innovation.read_year(connection, person, cycle)
        held = held_by_year(house, connection, person, year.cycle, innovation.PROCESS)
        open_list = open_publicity(connection, year.cycle["id"], today=house.today)
        listed = published_awards(connection, year.cycle["id"]) if open_list else []
    return page(
        request,
        "innovation/year.html",
        year=year,
        cycle=year.cycle,
        publicity=open_list,
        held=held,
        listed=listed,
        said=_(SAID[said]) if said in SAID else "",
    )


@router.post("/cycles/{cycle_id}/start")
def start(cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """发起创新创优; once a year."""
    innovation.start_year(house, person, cycle_id)
    return RedirectResponse(f"/innovation?cycle={cycle_id}&said=started", status_code=303)


@router.get("/cycles/{cycle_id}/experts")
def show_experts(
    request: Request, cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The experts: fields, ties, how many projects each has."""
    experts, domains = innovation.read_experts(house, person, cycle_id)
    return page(request, "innovation/experts.html", experts=experts, domains=domains, cycle_id=cycle_id)


@router.post("/cycles/{cycle_id}/experts/{user_id}")
def change_expert(
    cycle_id: str,
    user_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """What an expert knows, and the units to which they have ties, one name a line."""
    fields = [str(value) for value in form.getlist("fields")]
    units = [line.strip() for line in text_of(form, "units").splitlines() if line.strip()]
    shown = shown_in(form)
    innovation.change_expert(house, person, cycle_id, user_id, fields=fields, units=units, shown=shown)
    return RedirectResponse(f"/innovation/cycles/{cycle_id}/experts", status_code=303)


@router.post("/objections")
def take_objection(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A unit objects to a published award."""
    try:
        innovation.take_objection(
            request, house, text_of(form, "project_id"), text=text_of(form, "text"), person=person
        )
    except ObjectionRefused as refused:
        raise Trouble(422, "refused", f"{refused}。") from None
    return RedirectResponse("/innovation?said=objected", status_code=303)


@router.get("/seats/{seat_id}")
def show_seat(
    request: Request, seat_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """What an expert may read of the project of their own seat."""
    with house.database.read() as connection:
        found = read_seat(connection, person, seat_id)
    return page(request, "innovation/seat.html", seat=found)


@router.get("/seats/{seat_id}/files/{number}")
def download(
    seat_id: str, number: int, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """An anonymous file of one's own seat, under a neutral name."""
    return seat_file(house, person, seat_id, number)
