"""通知渠道: which ways out of the house are set up, how each fares, and a button that sends a test."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.notices.channels import outlets, try_out
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/people/channels", include_in_schema=False)


@router.get("")
def show(
    request: Request,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Every way out of the house: set up or not, when it last took a letter, when and why it last did not."""
    return _page(request, house, person, said=said)


@router.post("/test")
def test(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Send oneself a test by one way; what became of it stands on the page a moment later."""
    try:
        try_out(house, person, text_of(form, "way", longest=100))
    except Trouble as trouble:
        if trouble.status != 422:
            raise
        return _page(request, house, person, refusal=trouble.message)
    return RedirectResponse("/people/channels?said=sent", status_code=303)


def _page(request: Request, house: House, person: Person, *, said: str = "", refusal: str = "") -> Response:
    found = outlets(house, person)
    sent = _("测试已交给后台去发，过几秒刷新本页看结果。")
    return page(
        request,
        "notices/channels.html",
        status=422 if refusal else 200,
        ways=[one for one in found if one.key],
        missing=[one for one in found if not one.key],
        said=sent if said == "sent" else "",
        refusal=refusal,
    )
