"""One's own account: password, sessions everywhere, tokens for programs."""

from datetime import timedelta

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from sqlmodel import col
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import is_sure, number_of, posted, text_of
from api.security.session import SESSION_COOKIE, signed_in
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.sessions import create_token, end_everything, revoke_token, tokens_of
from engine.people.tables import Membership, Post, Unit

router = APIRouter(prefix="/account", include_in_schema=False)


@router.get("")
def show_account(
    request: Request, said: str = "", person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The account page."""
    told = {"password": _("密码已修改，其他地方的登录都已退出，令牌全部作废。"), "revoked": _("令牌已作废。")}
    return _account_page(request, house, person, said=told.get(said, ""))


@router.post("/sessions/end")
def end_all_sessions(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Log out everywhere, here too; tokens are revoked. The box beside the button must be ticked."""
    if not is_sure(form):
        refusal = _("还没有退出：请先勾选按钮上方的确认。")
        return _account_page(request, house, person, refusal=refusal, status=422)
    with house.database.write() as connection:
        end_everything(connection, person.id, clock=house.security_clock)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.post("/tokens")
def make_token(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Make a token and show it this once; it is on no other page and in no address."""
    try:
        with house.database.write() as connection:
            secret = create_token(
                connection,
                person.id,
                name=text_of(form, "name", longest=100),
                lasts=timedelta(days=number_of(form, "days")),
                rules=house.session_rules,
                clock=house.security_clock,
            )
    except (PeopleRefused, OverflowError) as refused:
        message = refused.message if isinstance(refused, PeopleRefused) else _("有效天数太大。")
        return _account_page(request, house, person, refusal=message, status=422)
    return _account_page(request, house, person, fresh_token=secret)


@router.post("/tokens/{token_id}/revoke")
def revoke_own_token(
    token_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Revoke one of one's own tokens."""
    with house.database.write() as connection:
        if not revoke_token(connection, token_id, user_id=person.id, clock=house.security_clock):
            raise Trouble(404, "not_found")
    return RedirectResponse("/account?said=revoked", status_code=303)


def _account_page(
    request: Request,
    house: House,
    person: Person,
    *,
    said: str = "",
    refusal: str = "",
    fresh_token: str = "",
    status: int = 200,
) -> Response:
    with house.database.read() as connection:
        tokens = [token for token in tokens_of(connection, person.id) if token.revoked_at is None]
        seats = _seats(connection, person)
    return page(
        request,
        "account/account.html",
        status=status,
        person=person,
        seats=seats,
        tokens=tokens,
        fresh_token=fresh_token,
        said=said,
        refusal=refusal,
    )


def _seats(connection: Connection, person: Person) -> list[dict[str, str]]:
    query = (
        select(col(Unit.name), col(Post.name))
        .select_from(Membership)
        .join(Unit, col(Unit.id) == col(Membership.home_id))
        .join(Post, col(Post.key) == col(Membership.post_key))
        .where(col(Membership.user_id) == person.id)
        .order_by(col(Membership.is_primary).desc(), col(Post.rank).desc())
    )
    return [{"unit_name": unit, "post_name": post} for unit, post in connection.execute(query)]
