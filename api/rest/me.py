"""The caller, and the caller's tokens."""

from datetime import timedelta

from fastapi import APIRouter, Depends, Request

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import SESSION_COOKIE, by_token, caller, in_person
from engine.people.login import change_password
from engine.people.persons import Person
from engine.people.sessions import (
    Visitor,
    create_token,
    digest,
    end_everything,
    revoke_token,
    sessions_of,
    tokens_of,
)

router: APIRouter = group("本人 me")


@router.get("/me", summary="我是谁，有哪些岗位和权限")
def show_me(person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Me:
    """The person behind the session or token; `today` is the city's own date."""
    return shapes.Me(
        id=person.id,
        login=person.login,
        name=person.name,
        seats=[
            shapes.Seat(
                unit_id=held.unit_id, home_id=held.home_id, post=held.post_key, cycle_id=held.cycle_id
            )
            for held in person.memberships
        ],
        acts=sorted({right.act for right in person.rights} - person.withheld),
        today=house.today,
    )


@router.get("/tokens", summary="我的令牌")
def list_tokens(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[shapes.Token]:
    """Tokens that still stand; no secrets."""
    with house.database.read() as connection:
        found = [token for token in tokens_of(connection, person.id) if token.revoked_at is None]
    return shapes.Listed[shapes.Token](
        items=[shapes.Token.model_validate(token, from_attributes=True) for token in found]
    )


@router.post("/tokens", summary="生成令牌", status_code=201)
def make_token(
    request: Request,
    sent: shapes.NewToken,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.MadeToken:
    """A new token; its secret is told this once. A token makes no further tokens."""
    if by_token(request):
        raise Trouble(403, "not_allowed", _("令牌不能再生成令牌，请本人登录后生成。"))
    with house.database.write() as connection:
        secret = create_token(
            connection,
            person.id,
            name=sent.name,
            lasts=timedelta(days=sent.days),
            rules=house.session_rules,
            clock=house.security_clock,
        )
    return shapes.MadeToken(token=secret)


@router.delete("/tokens/{token_id}", summary="作废令牌", status_code=204)
def revoke(token_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> None:
    """Revoke one of one's own tokens at once."""
    with house.database.write() as connection:
        if not revoke_token(connection, token_id, user_id=person.id, clock=house.security_clock):
            raise Trouble(404, "not_found")


@router.get("/me/sessions", summary="我的登录")
def list_sessions(
    request: Request, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[shapes.Session]:
    """Log-ins that still last, the last used first."""
    own = digest(request.cookies.get(SESSION_COOKIE, ""))
    with house.database.read() as connection:
        found = sessions_of(connection, person.id, clock=house.security_clock)
    return shapes.Listed[shapes.Session](
        items=[
            shapes.Session(
                created_at=one.created_at,
                seen_at=one.seen_at,
                expires_at=one.expires_at,
                user_agent=one.user_agent,
                current=one.id == own,
            )
            for one in found
        ]
    )


@router.post("/me/sessions/end", summary="全部退出登录", status_code=204)
def end_all(person: Person = Depends(caller), house: House = Depends(house_of)) -> None:
    """Log out everywhere, here too; every token is revoked, also the one that asks."""
    with house.database.write() as connection:
        end_everything(connection, person.id, clock=house.security_clock)


@router.put("/me/password", summary="修改密码", status_code=204)
def set_password(
    sent: shapes.NewPassword, who: Visitor = Depends(in_person), house: House = Depends(house_of)
) -> None:
    """Every other session of the person ends, every token is revoked. Not for tokens (403)."""
    change_password(
        house.database,
        user_id=who.user_id,
        current=sent.current,
        new=sent.new,
        passwords=house.passwords,
        keep_session=who.session_id,
        clock=house.security_clock,
    )
