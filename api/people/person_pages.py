"""人员: list and search, one person's account and posts, new accounts, reset passwords."""

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import shown_in
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people.accounts import (
    Account,
    Seat,
    change_account,
    open_account,
    put_on_post,
    reset_account,
    switch_account,
    take_off_post,
)
from api.people.allowed import fillable, require
from api.people.looking import people_seen, person_seen
from api.people.queries import unit_choices
from api.security.posted import is_sure, posted, text_of
from api.security.session import signed_in
from api.shell import can
from api.typed import named_as
from engine.people.persons import Person
from engine.people.refusals import NotAllowed, PeopleRefused

router = APIRouter(prefix="/people", include_in_schema=False)

_SAID: dict[str, Callable[[], str]] = {
    "saved": lambda: _("已保存。"),
    "appointed": lambda: _("任职已登记，今天起即可办理该岗位的工作。"),
    "ended": lambda: _("任职已结束。"),
    "inactive": lambda: _("帐号已停用，所有登录和令牌立即失效。"),
    "active": lambda: _("帐号已启用。"),
}


@router.get("")
def list_people(
    request: Request,
    search: str = "",
    after: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The people in sight, by pinyin."""
    lines, following = people_seen(house, person, search=search, after=after)
    return page(
        request,
        "people/list.html",
        lines=lines,
        search=search[:60],
        after=following,
        may_manage=can(person, "manage_people"),
    )


@router.get("/new")
def show_new(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The form for a new account."""
    require(person, "manage_people")
    with house.database.read() as connection:
        return page(
            request, "people/new.html", sent={}, wrong={}, refusal="", choices=_choices(connection, person)
        )


@router.post("/new")
def create(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Open an account on a post; its one-time password is shown this once."""
    named_as(request, name=_("姓名"))
    require(person, "manage_people")
    sent = {name: text_of(form, name) for name in ("login", "name", "phone", "email", "unit_id", "post_key")}
    try:
        made = open_account(house, person, Account(**sent))
    except PeopleRefused as refused:
        with house.database.read() as connection:
            wrong = {str(refused.fields.get("field", "")): refused.message}
            return page(
                request, "people/new.html", status=422, sent=sent, wrong=wrong,
                refusal=refused.message + refused.hint, choices=_choices(connection, person),
            )  # fmt: skip
    return _person_page(request, house, person, made.id, one_time=made.one_time_password)


@router.get("/{user_id}")
def show(
    request: Request,
    user_id: str,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One person: account and posts."""
    return _person_page(request, house, person, user_id, said=_SAID[said]() if said in _SAID else "")


@router.post("/{user_id}")
def change(
    request: Request,
    user_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Change name, phone and e-mail."""
    named_as(request, name=_("姓名"))
    name, phone, email = (text_of(form, field) for field in ("name", "phone", "email"))
    shown = shown_in(form)
    return _do(
        request, house, person, user_id, "saved",
        lambda: change_account(house, person, user_id, name=name, phone=phone, email=email, shown=shown),
    )  # fmt: skip


@router.post("/{user_id}/reset")
def reset(
    request: Request, user_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """A one-time password, shown this once; the person is logged out everywhere."""
    try:
        secret = reset_account(house, person, user_id)
    except NotAllowed:
        raise
    except PeopleRefused as refused:
        message = refused.message + refused.hint
        return _person_page(request, house, person, user_id, refusal=message, status=422)
    return _person_page(request, house, person, user_id, one_time=secret)


@router.post("/{user_id}/active")
def activate(
    request: Request,
    user_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """停用 or 启用 an account; nobody shuts out themselves. To shut one, the box must be ticked."""
    active = text_of(form, "active") == "yes"
    if not active and not is_sure(form):
        require(person, "manage_people", "manage_rights")
        refusal = _("还没有停用：请先勾选按钮上方的确认。")
        return _person_page(request, house, person, user_id, refusal=refusal, status=422)
    return _do(
        request, house, person, user_id, "active" if active else "inactive",
        lambda: switch_account(house, person, user_id, active=active),
    )  # fmt: skip


@router.post("/{user_id}/posts")
def add_post(
    request: Request,
    user_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """任命: put the person on a post; administrators' posts are the security administrator's to fill."""
    seat = Seat(
        text_of(form, "unit_id"),
        text_of(form, "post_key"),
        _day(text_of(form, "from_on")),
        _day(text_of(form, "until_on")),
    )
    return _do(
        request, house, person, user_id, "appointed", lambda: put_on_post(house, person, user_id, seat)
    )


@router.post("/{user_id}/posts/{membership_id}/end")
def end_post(
    request: Request,
    user_id: str,
    membership_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """免去: today is the last day on the post."""
    return _do(
        request, house, person, user_id, "ended",
        lambda: take_off_post(house, person, user_id, membership_id),
    )  # fmt: skip


def _do(
    request: Request,
    house: House,
    person: Person,
    user_id: str,
    said: str,
    change: Callable[[], object],
) -> Response:
    try:
        change()
    except NotAllowed:
        raise
    except PeopleRefused as refused:
        message = refused.message + refused.hint
        return _person_page(request, house, person, user_id, refusal=message, status=422)
    return RedirectResponse(f"/people/{user_id}?said={said}", status_code=303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Trouble(400, "malformed", _("日期要写成 2018-05-20 的样子。")) from None


def _choices(connection: Connection, person: Person) -> dict[str, list[tuple[str, str]]]:
    """What the selects of these pages offer: units, and the posts that the person may fill."""
    units = unit_choices(connection, person, "manage_people", "manage_rights")
    return {"units": units, "posts": list(fillable(connection, person).items())}


def _person_page(
    request: Request,
    house: House,
    person: Person,
    user_id: str,
    *,
    said: str = "",
    refusal: str = "",
    one_time: str = "",
    status: int = 200,
) -> Response:
    seen = person_seen(house, person, user_id)
    with house.database.read() as connection:
        return page(
            request,
            "people/person.html",
            status=status,
            user=seen.user,
            seats=seen.seats,
            today=house.today,
            may_manage=seen.may_change,
            may_govern=seen.may_govern,
            may_reset=seen.may_reset,
            fillable=fillable(connection, person),
            said=said,
            refusal=refusal,
            one_time=one_time,
            choices=_choices(connection, person),
        )
