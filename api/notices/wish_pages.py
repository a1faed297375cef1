"""通知设置: the page on which a person chooses what to be told, how and when."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import shown_in
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.notices.wishing import confirm, forget, keep_wishes, marked, own_wishes, want
from api.notices.words import how_names, kind_names
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.runtime.notices.rules import Habit

router = APIRouter(prefix="/account/notices", include_in_schema=False)


@router.get("")
def show_wishes(
    request: Request, said: str = "", person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """One's wishes: kinds by channels, quiet hours, the digest's time, one's own addresses."""
    told = {
        "kept": _("通知设置已保存，从现在起的通知按它发。"),
        "usual": _("已恢复默认。"),
        "sent": _("验证码已发出，请在 30 分钟内填写。"),
        "confirmed": _("地址已验证，从现在起的通知发到那里。"),
        "forgotten": _("自己的地址已删除。"),
    }
    return _page(request, house, person, said=told.get(said, ""))


@router.post("")
def choose(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Keep one's wishes, or go back to what is usual."""
    if text_of(form, "usual"):
        keep_wishes(house, person, {}, None, shown=shown_in(form))
        return RedirectResponse("/account/notices?said=usual", status_code=303)
    chosen: dict[tuple[str, str], str] = {
        (kind, channel): text_of(form, f"how.{kind}.{channel}")
        for kind in kind_names()
        for channel in house.engine.setup.notices.channels
        if f"how.{kind}.{channel}" in form
    }
    names = ("quiet_from", "quiet_until", "digest_time")
    habit = Habit(
        **{name: text_of(form, name)[:5] for name in names}, working_days=bool(text_of(form, "working_days"))
    )
    shown = shown_in(form)
    return _after(
        request, house, person, "kept", lambda: keep_wishes(house, person, chosen, habit, shown=shown)
    )


@router.post("/addresses/{channel}")
def want_address(
    request: Request,
    channel: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Let a code be sent to an address of one's own."""
    address = text_of(form, "address")
    return _after(request, house, person, "sent", lambda: want(house, person, channel, address))


@router.post("/addresses/{channel}/confirm")
def confirm_address(
    request: Request,
    channel: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The code has come back."""
    code = text_of(form, "code", longest=20)
    return _after(request, house, person, "confirmed", lambda: confirm(house, person, channel, code))


@router.post("/addresses/{channel}/forget")
def forget_address(
    channel: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Take one's own address back."""
    forget(house, person, channel)
    return RedirectResponse("/account/notices?said=forgotten", status_code=303)


def _after(request: Request, house: House, person: Person, said: str, act: Callable[[], None]) -> Response:
    try:
        act()
    except Trouble as trouble:
        if trouble.status != 422:
            raise
        return _page(request, house, person, refusal=trouble.message, status=422)
    return RedirectResponse(f"/account/notices?said={said}", status_code=303)


def _page(
    request: Request, house: House, person: Person, *, said: str = "", refusal: str = "", status: int = 200
) -> Response:
    own = own_wishes(house, person)
    rules = house.engine.setup.notices
    kinds = [
        (key, name, [(way.channel, own.wishes.how(key, way.channel.key, rules)) for way in own.ways])
        for key, name in kind_names().items()
    ]
    return page(
        request,
        "notices/wishes.html",
        status=status,
        said=said,
        refusal=refusal,
        own=own,
        marked=marked(own.wishes),
        kinds=kinds,
        hows=how_names(),
        passes=[kind_names()[kind] for kind in kind_names() if kind in rules.passes],
    )
