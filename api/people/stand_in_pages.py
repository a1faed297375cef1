"""代理: the page on which a person says who does their work while they are away."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people.absences import Absence, begin, colleagues, end, own_posts, processes_of
from api.security.posted import posted, text_of, texts_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.stand_ins import rules_of

router = APIRouter(prefix="/stand-in", include_in_schema=False)
_FIELDS = ("stand_in_id", "from_on", "until_on", "post")


@router.get("")
def show_stand_in(
    request: Request, said: str = "", person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """One's own stand-ins, and for whom one stands in."""
    told = {"set": _("代理已设好，到期自动结束。"), "ended": _("代理已结束。")}
    return _stand_in_page(request, house, person, said=told.get(said, ""))


@router.post("")
def name_stand_in(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Name one's stand-in from a day until a day."""
    sent, chosen = {name: text_of(form, name) for name in _FIELDS}, texts_of(form, "processes")
    try:
        days = _day(sent["from_on"]), _day(sent["until_on"])
        begin(house, person, Absence(sent["stand_in_id"], *days, sent["post"], chosen))
    except PeopleRefused as refused:
        message = refused.message + refused.hint
        return _stand_in_page(request, house, person, refusal=message, sent=sent, chosen=chosen, status=422)
    return RedirectResponse("/stand-in?said=set", status_code=303)


@router.post("/{rule_id}/end")
def end_own_stand_in(
    rule_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Take one's own rule back at once."""
    end(house, person, rule_id)
    return RedirectResponse("/stand-in?said=ended", status_code=303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeopleRefused("day_malformed", _("请填写代理的起止日期，例如 2018-05-20。")) from None


def _stand_in_page(
    request: Request,
    house: House,
    person: Person,
    *,
    said: str = "",
    refusal: str = "",
    sent: dict[str, str] | None = None,
    chosen: Sequence[str] = (),
    status: int = 200,
) -> Response:
    with house.database.read() as connection:
        posts, processes = own_posts(connection, person), processes_of(house, connection)
        return page(
            request,
            "account/stand_in.html",
            status=status,
            rules=rules_of(connection, person.id),
            stands_in=person.stands_in,
            colleagues=colleagues(connection, person, on=house.today),
            posts=posts,
            post_names=dict(posts),
            processes=processes,
            process_names=dict(processes),
            chosen=chosen,
            today=house.today,
            sent=sent or dict.fromkeys(_FIELDS, ""),
            said=said,
            refusal=refusal,
        )
