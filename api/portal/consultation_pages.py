"""公示征求意见: what the units plan for the year, and a place to say something about it."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.portal.consulting import Said, is_open, read_consultation, take
from api.security.posted import posted
from processes.planning.queries import (
    LONGEST_COMMENT,
    CommentRefused,
    comments_of,
    consulted_targets,
    open_consultation,
)

router = APIRouter(prefix="/public", include_in_schema=False)


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
    try:
        take(request, house, consultation_id, Said(**sent))
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
        found = read_consultation(connection, consultation_id)
        return page(
            request,
            "portal/consultation.html",
            status=422 if refused else 200,
            consultation=found,
            open=is_open(house, found),
            units=consulted_targets(connection, found["cycle_id"]),
            comments=comments_of(connection, consultation_id),
            longest=LONGEST_COMMENT,
            sent=sent or {},
            said=said,
            refusal=str(refused) if refused else "",
            wrong=refused.field if refused else "",
        )
