"""公示征求意见: what the units plan for the year, and a place to say something about it."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import posted
from processes.cycle.records import Cycle
from processes.planning.decisions import Consultation
from processes.planning.queries import (
    LONGEST_COMMENT,
    CommentRefused,
    add_comment,
    comments_of,
    consulted_targets,
    open_consultation,
)
from processes.tables import table_of

router = APIRouter(prefix="/public", include_in_schema=False)

CONSULTATIONS = table_of(Consultation)
CYCLES = table_of(Cycle)


@router.get("/consultations")
def find_consultation(house: House = Depends(house_of)) -> Response:
    """The consultation that is open now."""
    with house.database.read() as connection:
        found = open_consultation(connection, today=house.today)
    if found is None:
        raise Trouble(404, "not_found", _("现在没有正在征求意见的公示。"))
    return RedirectResponse(f"/public/consultations/{found['id']}", status_code=303)


@router.get("/consultations/{consultation_id}")
def show_consultation(
    request: Request, consultation_id: str, said: str = "", house: House = Depends(house_of)
) -> Response:
    """One consultation, open or over."""
    told = _("谢谢，您的意见已经收到。考评办答复后会在本页公开。") if said == "thanks" else ""
    return _show(request, house, consultation_id, said=told)


@router.post("/consultations/{consultation_id}")
def take_comment(
    request: Request,
    consultation_id: str,
    form: FormData = Depends(posted),
    house: House = Depends(house_of),
) -> Response:
    """Take one comment; neither address nor device is kept."""
    sent = {name: str(form.get(name, "")) for name in ("unit_id", "text", "name")}
    if form.get("website"):  # only programs fill the field that people do not see
        return RedirectResponse(f"/public/consultations/{consultation_id}?said=thanks", status_code=303)
    address = request.client.host if request.client else ""
    if not request.app.state.comment_limit.admits(address):
        raise Trouble(429, "too_many", _("同一地点一小时内提交的意见太多，请过一会儿再试。"))
    try:
        with house.database.write() as connection:
            add_comment(
                connection,
                consultation_id,
                text=sent["text"],
                name=sent["name"],
                unit_id=sent["unit_id"] or None,
                at=house.engine.clock.now(),
                today=house.today,
            )
    except CommentRefused as refused:
        return _show(request, house, consultation_id, sent=sent, refused=refused)
    return RedirectResponse(f"/public/consultations/{consultation_id}?said=thanks", status_code=303)


def _show(
    request: Request,
    house: House,
    consultation_id: str,
    *,
    said: str = "",
    sent: dict[str, str] | None = None,
    refused: CommentRefused | None = None,
) -> Response:
    with house.database.read() as connection:
        found = _read(connection, consultation_id)
        return page(
            request,
            "portal/consultation.html",
            status=422 if refused else 200,
            consultation=found,
            open=found["state"] == "open" and found["closes_on"] >= house.today,
            units=consulted_targets(connection, found["cycle_id"]),
            comments=comments_of(connection, consultation_id),
            longest=LONGEST_COMMENT,
            sent=sent or {},
            said=said,
            refusal=str(refused) if refused else "",
            wrong=refused.field if refused else "",
        )


def _read(connection: Connection, consultation_id: str) -> dict[str, Any]:
    query = (
        select(CONSULTATIONS, CYCLES.c.year)
        .join(CYCLES, CYCLES.c.id == CONSULTATIONS.c.cycle_id)
        .where(CONSULTATIONS.c.id == consultation_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Trouble(404, "not_found")
    return dict(row)
