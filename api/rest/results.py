"""评定结果: open to everybody, without a token; nothing about the visitor is kept."""

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.portal.result_pages import notice_of, take
from api.rest import grading_shapes as shapes
from api.rest.addresses import open_group
from processes.feedback.results import (
    ObjectionRefused,
    answered_objections,
    newest_notice,
    takes_objections,
)

router: APIRouter = open_group("公示 public")


@router.get("/public/results/current", summary="最近公示或发布的评定结果")
def show_current(house: House = Depends(house_of)) -> shapes.PublicResults:
    """The newest results; 404 when there are none."""
    with house.database.read() as connection:
        found = newest_notice(connection)
        if found is None:
            raise Trouble(404, "not_found", _("还没有公示或发布评定结果。"))
        return _results(connection, house, found)


@router.get("/public/results/{notice_id}", summary="一个年度的评定结果，和已答复的意见")
def show_results(notice_id: str, house: House = Depends(house_of)) -> shapes.PublicResults:
    """One year's results, lying open or published."""
    with house.database.read() as connection:
        return _results(connection, house, notice_id)


@router.post("/public/results/{notice_id}/objections", summary="对公示的结果提意见", status_code=201)
def take_objection(
    request: Request, notice_id: str, sent: shapes.NewObjection, house: House = Depends(house_of)
) -> shapes.TakenObjection:
    """It shows once the office has answered. 429 after too many from one address within an hour."""
    try:
        taken = take(request, house, notice_id, text=sent.text, name=sent.name, unit_id=sent.unit_id or "")
    except ObjectionRefused as refused:
        error = {"field": refused.field, "code": "refused", "message": f"{refused}。"}
        raise Trouble(422, "refused", f"{refused}。", errors=[error] if refused.field else []) from None
    return shapes.TakenObjection(id=taken)


def _results(connection: Connection, house: House, notice_id: str) -> shapes.PublicResults:
    notice = notice_of(connection, notice_id)
    return shapes.PublicResults(
        id=notice["id"],
        year=notice["year"],
        open=takes_objections(notice, today=house.today),
        closes_on=notice["closes_on"],
        published_at=notice["published_at"],
        lines=notice["lines"],
        units=[
            shapes.PublicRow(
                unit_id=row["unit_id"],
                unit=row["name"],
                group=row["unit_group"],
                rank=row["rank"],
                total=row["shown_total"],
                zone=row["zone"],
                grade=row["grade"],
            )
            for row in notice["rows"]
        ],
        objections=[
            shapes.Objection(name=one["name"], text=one["text"], answer=one["answer"])
            for one in answered_objections(connection, notice_id)
        ],
    )
