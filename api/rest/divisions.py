"""处室: a unit's divisions and who sits there."""

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.people import divisions
from api.people.divisions import SeenDivisions
from api.rest import shapes, unit_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.people.tables import Unit

router: APIRouter = group("处室 divisions")


@router.get("/units/{unit_id}/divisions", summary="一个单位的处室和人员")
def list_divisions(
    unit_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[unit_shapes.Division]:
    """By code; ended ones stay in the list."""
    seen = divisions.divisions_seen(house, person, unit_id)
    return shapes.Listed[unit_shapes.Division](items=[_division(seen, one) for one in seen.divisions])


@router.post("/units/{unit_id}/divisions", summary="建立处室", status_code=201)
def add_division(
    unit_id: str,
    sent: unit_shapes.DivisionName,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> unit_shapes.Division:
    """Add a division; one that ended and is named so is taken up again. 422 when the name is taken."""
    made = divisions.add(house, person, unit_id, sent.name)
    return _read(house, person, unit_id, made.id)


@router.patch("/units/{unit_id}/divisions/{division_id}", summary="给处室改名")
def rename_division(
    unit_id: str,
    division_id: str,
    sent: unit_shapes.DivisionName,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> unit_shapes.Division:
    """The former name still finds it."""
    divisions.rename(house, person, unit_id, division_id, sent.name)
    return _read(house, person, unit_id, division_id)


@router.post("/units/{unit_id}/divisions/{division_id}/end", summary="撤销处室", status_code=204)
def end_division(
    unit_id: str, division_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> None:
    """From today it is no more; open work goes to the unit's head."""
    divisions.end(house, person, unit_id, division_id)


@router.post("/units/{unit_id}/divisions/{division_id}/people", summary="任命处室人员", status_code=201)
def put_into_division(
    unit_id: str,
    division_id: str,
    sent: unit_shapes.DivisionMember,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> unit_shapes.Division:
    """Put somebody of the unit on the division's post."""
    divisions.put(house, person, unit_id, division_id, sent.user_id)
    return _read(house, person, unit_id, division_id)


@router.post(
    "/units/{unit_id}/divisions/{division_id}/people/{membership_id}/end",
    summary="免去处室人员",
    status_code=204,
)
def take_off_division(
    unit_id: str,
    division_id: str,
    membership_id: str,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> None:
    """Today is the last day in the division."""
    divisions.take_off(house, person, unit_id, division_id, membership_id)


def _read(house: House, person: Person, unit_id: str, division_id: str) -> unit_shapes.Division:
    seen = divisions.divisions_seen(house, person, unit_id)
    return _division(seen, next(one for one in seen.divisions if one.id == division_id))


def _division(seen: SeenDivisions, division: Unit) -> unit_shapes.Division:
    return unit_shapes.Division(
        id=division.id,
        code=division.code,
        name=division.short_name,
        full_name=division.name,
        note=division.unit_group,
        valid_until_on=division.valid_until_on,
        people=[
            unit_shapes.DivisionSeat(id=seat.membership_id, user_id=seat.user_id, name=seat.name)
            for seat in seen.staff[division.id]
        ],
    )
