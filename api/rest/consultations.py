"""公示征求意见: open to everybody, without a token; nothing about the visitor is kept."""

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.portal.consulting import Said, is_open, read_consultation, take
from api.rest import consultation_shapes
from api.rest.addresses import open_group
from processes.planning.queries import (
    CommentRefused,
    comments_of,
    consulted_targets,
    open_consultation,
)

router: APIRouter = open_group("公示 public")


@router.get("/public/consultations/current", summary="正在征求意见的公示")
def show_current(house: House = Depends(house_of)) -> consultation_shapes.Consultation:
    """The consultation that takes comments now; 404 when there is none."""
    with house.database.read() as connection:
        found = open_consultation(connection, today=house.today)
        if found is None:
            raise Trouble(404, "not_found", _("现在没有正在征求意见的公示。"))
        return _consultation(connection, house, str(found["id"]))


@router.get("/public/consultations/{consultation_id}", summary="一次公示：各单位的目标，和已答复的意见")
def show_consultation(
    consultation_id: str, house: House = Depends(house_of)
) -> consultation_shapes.Consultation:
    """One consultation, open or over."""
    with house.database.read() as connection:
        return _consultation(connection, house, consultation_id)


@router.post("/public/consultations/{consultation_id}/comments", summary="提一条意见", status_code=201)
def take_comment(
    request: Request,
    consultation_id: str,
    sent: consultation_shapes.NewComment,
    house: House = Depends(house_of),
) -> consultation_shapes.TakenComment:
    """It shows once the office has answered. 429 after too many from one address within an hour."""
    with house.database.read() as connection:
        read_consultation(connection, consultation_id)
    try:
        taken = take(request, house, consultation_id, Said(sent.text, sent.name, sent.unit_id or ""))
    except CommentRefused as refused:
        error = {"field": refused.field, "code": "refused", "message": f"{refused}。"}
        raise Trouble(422, "refused", f"{refused}。", errors=[error] if refused.field else []) from None
    return consultation_shapes.TakenComment(id=taken)


def _consultation(
    connection: Connection, house: House, consultation_id: str
) -> consultation_shapes.Consultation:
    found = read_consultation(connection, consultation_id)
    return consultation_shapes.Consultation(
        id=found["id"],
        year=found["year"],
        open=is_open(house, found),
        opened_at=found["opened_at"],
        closes_on=found["closes_on"],
        units=[
            consultation_shapes.PublishedUnit(
                id=unit["id"],
                name=unit["name"],
                targets=[
                    consultation_shapes.PublishedTarget(label=target.label, shown=target.shown())
                    for target in unit["targets"]
                ],
            )
            for unit in consulted_targets(connection, found["cycle_id"])
        ],
        comments=[
            consultation_shapes.Comment(
                id=comment["id"],
                unit_id=comment["unit_id"],
                name=comment["name"],
                text=comment["text"],
                answer=comment["answer"],
                created_at=comment["created_at"],
                answered_at=comment["answered_at"],
            )
            for comment in comments_of(connection, consultation_id)
        ],
    )
