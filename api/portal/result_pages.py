"""评定结果: the results of a year on the open portal, while they lie open to objections and afterwards."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import posted
from processes.feedback.results import (
    LONGEST,
    ObjectionRefused,
    answered_objections,
    newest_notice,
    object_to,
    read_notice,
    takes_objections,
)

router = APIRouter(prefix="/public/results", include_in_schema=False)


@router.get("")
def find_results(house: House = Depends(house_of)) -> Response:
    """The newest results."""
    with house.database.read() as connection:
        found = newest_notice(connection)
    if found is None:
        raise Trouble(404, "not_found", _("还没有公示或发布评定结果。"))
    return RedirectResponse(f"/public/results/{found}", status_code=303)


@router.get("/{notice_id}")
def show_results(
    request: Request, notice_id: str, said: str = "", house: House = Depends(house_of)
) -> Response:
    """One year's results."""
    told = _("谢谢，您的意见已经收到。考评办答复后会在本页公开。") if said == "thanks" else ""
    return _show(request, house, notice_id, said=told)


@router.post("/{notice_id}")
def take_objection(
    request: Request, notice_id: str, form: FormData = Depends(posted), house: House = Depends(house_of)
) -> Response:
    """Take one objection; neither address nor device is kept."""
    sent = {name: str(form.get(name, "")) for name in ("unit_id", "text", "name")}
    if not form.get("website"):  # only programs fill the field that people do not see
        try:
            take(request, house, notice_id, **sent)
        except ObjectionRefused as refused:
            return _show(request, house, notice_id, sent=sent, refused=refused)
    return RedirectResponse(f"/public/results/{notice_id}?said=thanks", status_code=303)


def take(request: Request, house: House, notice_id: str, *, text: str, name: str, unit_id: str) -> str:
    """Take one objection; its id. Raises Trouble(404, 429), ObjectionRefused."""
    address = request.client.host if request.client else ""
    if not request.app.state.comment_limit.admits(address):
        raise Trouble(429, "too_many", _("同一地点一小时内提交的意见太多，请过一会儿再试。"))
    with house.database.write() as connection:
        notice_of(connection, notice_id)
        return object_to(
            connection,
            notice_id,
            text=text,
            name=name,
            unit_id=unit_id or None,
            at=house.engine.clock.now(),
            today=house.today,
        )


def notice_of(connection: Connection, notice_id: str) -> Mapping[str, Any]:
    """A notice with its rows. Raises Trouble(404)."""
    found = read_notice(connection, notice_id)
    if found is None:
        raise Trouble(404, "not_found")
    return found


def _show(
    request: Request,
    house: House,
    notice_id: str,
    *,
    said: str = "",
    sent: dict[str, str] | None = None,
    refused: ObjectionRefused | None = None,
) -> Response:
    with house.database.read() as connection:
        notice = notice_of(connection, notice_id)
        objections = answered_objections(connection, notice_id)
    return page(
        request,
        "portal/results.html",
        status=422 if refused else 200,
        notice=notice,
        open=takes_objections(notice, today=house.today),
        objections=objections,
        longest=LONGEST,
        sent=sent or {},
        said=said,
        refusal=str(refused) if refused else "",
        wrong=refused.field if refused else "",
    )
