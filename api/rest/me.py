"""The caller, and the caller's tokens."""

from datetime import timedelta

from fastapi import APIRouter, Depends, Request

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import by_token, caller
from engine.people.persons import Person
from engine.people.sessions import create_token, revoke_token, tokens_of

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
