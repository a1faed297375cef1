"""Who is asking: the session cookie of a browser, or the bearer token of a program."""

from fastapi import Depends, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from api.errors import Trouble
from api.house import House, house_of
from api.shell import shell_of
from engine.people.persons import Person, person_of
from engine.people.sessions import Visitor, note_use, visitor_of_session, visitor_of_token

SESSION_COOKIE = "bihuan_session"


def visitor(request: Request, house: House = Depends(house_of)) -> Visitor:
    """Whoever the cookie belongs to, even before the first change of the password. Raises Trouble(401)."""
    with house.database.read() as connection:
        found = _by_cookie(request, connection, house)
    return _noted(found, house)


def watcher(request: Request, house: House = Depends(house_of)) -> Visitor:
    """Whoever's page listens for news. It does not count as use: a page left open keeps no session alive.

    Raises Trouble(401, 403).
    """
    with house.database.read() as connection:
        found = _by_cookie(request, connection, house)
    if found is None:
        raise Trouble(401, "log_in_first")
    if found.must_change_password:
        raise Trouble(403, "not_allowed")
    return found


def signed_in(request: Request, who: Visitor = Depends(visitor), house: House = Depends(house_of)) -> Person:
    """The person who looks at a page, with what they hold today; a first password is changed first."""
    if who.must_change_password:
        raise HTTPException(303, headers={"location": "/password"})
    with house.database.read() as connection:
        person = person_of(connection, who.user_id, on=house.today)
        request.state.shell = shell_of(connection, person, path=request.url.path)
    return person


def by_token(request: Request) -> bool:
    """Whether the caller comes with a bearer token (good or not) instead of a session."""
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "bearer"


def in_person(request: Request, house: House = Depends(house_of)) -> Visitor:
    """The person behind a REST call that no program may make: a session, even before the first change of the
    password. Raises Trouble(401, 403)."""
    if by_token(request):
        raise Trouble(403, "not_allowed", "令牌不能做这件事，请本人登录后再做。")
    return visitor(request, house)


def caller(request: Request, house: House = Depends(house_of)) -> Person:
    """The person behind a REST call: bearer token, else session. Raises Trouble(401 or 403)."""
    secret = request.headers.get("authorization", "").partition(" ")[2]
    with house.database.read() as connection:
        if by_token(request):
            found = visitor_of_token(
                connection, secret.strip(), rules=house.session_rules, clock=house.security_clock
            )
        else:
            found = _by_cookie(request, connection, house)
    found = _noted(found, house)
    if found.must_change_password:
        raise Trouble(403, "change_password", "请先在页面上修改初始密码。")
    with house.database.read() as connection:
        return person_of(connection, found.user_id, on=house.today)


def _by_cookie(request: Request, connection: Connection, house: House) -> Visitor | None:
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        return None
    return visitor_of_session(connection, secret, rules=house.session_rules, clock=house.security_clock)


def _noted(found: Visitor | None, house: House) -> Visitor:
    if found is None:
        raise Trouble(401, "log_in_first")
    if found.worth_noting:
        with house.database.write() as connection:
            note_use(connection, found, rules=house.session_rules, clock=house.security_clock)
    return found
