"""获奖名单公示: the list of innovation awards, open to everybody, and a place to object."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.office.innovation import public_list, take_objection
from api.pages import page
from api.security.posted import posted
from processes.innovation.publicity import LONGEST, ObjectionRefused

router = APIRouter(prefix="/public/innovation", include_in_schema=False)


@router.get("")
def show_awards(request: Request, said: str = "", house: House = Depends(house_of)) -> Response:
    """The list that is open to objections now."""
    told = _("谢谢，您的异议已经收到，考评办会核实处理。") if said == "thanks" else ""
    return _show(request, house, said=told)


@router.post("")
def take(request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)) -> Response:
    """Take an objection; neither address nor device is kept."""
    sent = {name: str(form.get(name, "")) for name in ("project_id", "text", "name")}
    if not form.get("website"):  # only programs fill the field that people do not see
        try:
            take_objection(request, house, sent["project_id"], text=sent["text"], name=sent["name"])
        except ObjectionRefused as refused:
            return _show(request, house, sent=sent, refused=refused)
    return RedirectResponse("/public/innovation?said=thanks", status_code=303)


def _show(
    request: Request,
    house: House,
    *,
    said: str = "",
    sent: dict[str, str] | None = None,
    refused: ObjectionRefused | None = None,
) -> Response:
    with house.database.read() as connection:
        found = public_list(connection, house)
    return page(
        request,
        "portal/awards.html",
        status=422 if refused else 200,
        found=found,
        sent=sent or {},
        said=said,
        refusal=str(refused) if refused else "",
        wrong=refused.field if refused else "",
        longest=LONGEST,
    )
