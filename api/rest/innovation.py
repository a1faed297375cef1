"""创新创优: projects and marks, experts, an expert's material, objections, and whom the bonus promotes."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.office import innovation
from api.office.expert_seats import read_seat, seat_file
from api.rest import innovation_shapes, shapes
from api.rest.addresses import group, open_group
from api.security.session import caller
from engine.feel.codec import to_json
from engine.people.persons import Person
from processes.innovation.publicity import ObjectionRefused

router: APIRouter = group("创新创优 innovation")
open_router: APIRouter = open_group("公示 public")


@router.get("/cycles/{cycle_id}/innovation", summary="一年的创新项目、评分和奖项")
def show_year(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> innovation_shapes.Year:
    """All projects with marks for who may see the whole year, a unit's own for its people."""
    with house.database.read() as connection:
        year = innovation.read_year(connection, person, cycle_id)
    awards = [{**row, "bonus": to_json(row["bonus"])} for row in year.awards]
    return innovation_shapes.Year(
        projects=[innovation_shapes.Project.model_validate(row) for row in year.rows],
        rounds={
            number: [innovation_shapes.RoundMark.model_validate(row) for row in rows]
            for number, rows in year.rounds.items()
        },
        awards=[innovation_shapes.Award.model_validate(row) for row in awards],
        may_start=year.may_start,
    )


@router.get("/cycles/{cycle_id}/innovation/experts", summary="评审专家：领域、利益关系、工作量")
def list_experts(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[innovation_shapes.Expert]:
    """Everybody on the experts' post, for who organises the year."""
    experts, _domains = innovation.read_experts(house, person, cycle_id)
    rows = [innovation_shapes.Expert.model_validate(one, from_attributes=True) for one in experts]
    return shapes.Listed[innovation_shapes.Expert](items=rows)


@router.post(
    "/cycles/{cycle_id}/innovation/experts/{user_id}", summary="改专家的领域和利益关系", status_code=204
)
def change_expert(
    cycle_id: str,
    user_id: str,
    sent: innovation_shapes.ExpertChange,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> None:
    """Replaces what was there; 404 for who is no expert, 422 for an unknown unit."""
    innovation.change_expert(house, person, cycle_id, user_id, fields=sent.fields, units=sent.units)


@router.post("/cycles/{cycle_id}/innovation/promotions", summary="加分后谁晋档（不挤占名额）")
def promote(
    cycle_id: str,
    sent: innovation_shapes.Totals,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[innovation_shapes.Place]:
    """The decision `no_squeeze` over totals without the bonus, with the year's own bonus points."""
    before = {one.unit_id: one.score for one in sent.totals}
    places = innovation.who_is_promoted(house, person, cycle_id, before)
    rows = [
        innovation_shapes.Place(
            unit_id=one.unit_id,
            score=str(one.score),
            bonus=str(one.bonus),
            place=one.place,
            advances=one.advances,
        )
        for one in places
    ]
    return shapes.Listed[innovation_shapes.Place](items=rows)


@router.post("/innovation/objections", summary="单位对公示的奖项提异议", status_code=201)
def object_as_unit(
    request: Request,
    sent: innovation_shapes.NewObjection,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> innovation_shapes.TakenObjection:
    """In the name of the caller's unit; 404 when no list is open."""
    return _take(request, house, sent, person)


@router.get("/innovation/seats/{seat_id}", summary="专家：自己席位上的项目")
def show_seat(
    seat_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> innovation_shapes.Seat:
    """What the expert may read of the project; 404 for anybody else's seat."""
    with house.database.read() as connection:
        found = read_seat(connection, person, seat_id)
    return innovation_shapes.Seat(
        **{name: getattr(found, name) for name in innovation_shapes.Seat.model_fields if name != "files"},
        files=len(found.file_ids),
    )


@router.get("/innovation/seats/{seat_id}/files/{number}", summary="专家：一份匿名材料")
def download(
    seat_id: str, number: int, person: Person = Depends(caller), house: House = Depends(house_of)
) -> Response:
    """The file of this number (from 1) under a neutral name."""
    return seat_file(house, person, seat_id, number)


@open_router.get("/public/innovation", summary="正在公示的获奖名单")
def show_awards(house: House = Depends(house_of)) -> innovation_shapes.PublishedList:
    """The list that takes objections now; 404 when there is none."""
    with house.database.read() as connection:
        found = innovation.public_list(connection, house)
    return innovation_shapes.PublishedList.model_validate(found)


@open_router.post("/public/innovation/objections", summary="对公示的奖项提异议", status_code=201)
def take_objection(
    request: Request, sent: innovation_shapes.NewObjection, house: House = Depends(house_of)
) -> innovation_shapes.TakenObjection:
    """Nothing about the visitor is kept. 429 after too many from one address within an hour."""
    return _take(request, house, sent, None)


def _take(
    request: Request, house: House, sent: innovation_shapes.NewObjection, person: Person | None
) -> innovation_shapes.TakenObjection:
    try:
        taken = innovation.take_objection(
            request, house, sent.project_id, text=sent.text, name=sent.name, person=person
        )
    except ObjectionRefused as refused:
        raise innovation.refused_as_trouble(refused) from None
    return innovation_shapes.TakenObjection(id=taken)
