"""Log-in, log-out, the first change of a password, and the interface language."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.inbox.forms_of_tasks import called_at
from api.language import COOKIE as LANGUAGE_COOKIE
from api.language import LANGUAGES
from api.language import gettext as _
from api.logs import log
from api.pages import page
from api.security.going_on import carried_again, go_on
from api.security.posted import posted, safe_next, text_of
from api.security.session import SESSION_COOKIE, visitor
from engine.people.login import Admitted, Rejected, change_password, log_in
from engine.people.refusals import Crowded, PeopleRefused
from engine.people.sessions import Visitor, end_session

router = APIRouter(include_in_schema=False)


@router.get("/login", name="log_in")
def show_log_in(request: Request, next: str = "/inbox") -> Response:
    """The log-in page."""
    return page(request, "account/log_in.html", login="", next=safe_next(next), refusal="", sent_to="")


@router.post("/login")
def log_in_with_password(
    request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)
) -> Response:
    """Open a session, or say that it did not work, the same way for every cause.

    What was pressed when a session had run out is shown, to be pressed again.
    """
    login, after = text_of(form, "login", longest=60), safe_next(text_of(form, "next", longest=2000))
    limit, address = request.app.state.log_in_limit, request.client.host if request.client else ""

    def refuse(message: str, status: int) -> Response:
        return page(
            request,
            "account/log_in.html",
            status=status,
            login=login,
            next=after,
            refusal=message,
            sent_to=text_of(form, "sent_to", longest=2000),
            carried=carried_again(form),
        )

    if limit.is_spent(address):
        return refuse(_("这个地址登录失败的次数太多，请过一小时再试。"), 429)
    try:
        answer = _try(request, house, login, str(form.get("password", "")))
    except Crowded as crowded:
        return refuse(crowded.message, 429)
    if isinstance(answer, Rejected):
        log.info("log_in_rejected", cause=answer.code, user_id=answer.user_id)
        limit.admits(address)
        return refuse(answer.message, 401)
    user_id, response = answer.user_id, None
    if not answer.must_change_password:
        response = go_on(request, form, back=after, called=lambda to: called_at(house, user_id, to))
    if response is None:
        to = "/password" if answer.must_change_password else after
        response = RedirectResponse(to, status_code=303)
    response.set_cookie(
        SESSION_COOKIE, answer.secret, httponly=True, samesite="lax", secure=house.settings.secure_cookies
    )
    return response


def _try(request: Request, house: House, login: str, password: str) -> Admitted | Rejected:
    return log_in(
        house.database,
        login=login,
        password=password,
        passwords=house.passwords,
        rules=house.session_rules,
        user_agent=request.headers.get("user-agent", ""),
        clock=house.security_clock,
    )


@router.post("/logout")
def log_out(request: Request, house: House = Depends(house_of)) -> Response:
    """End this session; harmless when it is over already."""
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        with house.database.write() as connection:
            end_session(connection, secret, clock=house.security_clock)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/password")
def show_password(
    request: Request, who: Visitor = Depends(visitor), house: House = Depends(house_of)
) -> Response:
    """The page to set a new password."""
    return _password_page(request, house, who, refusal="")


@router.post("/password")
def set_new_password(
    request: Request,
    form: FormData = Depends(posted),
    who: Visitor = Depends(visitor),
    house: House = Depends(house_of),
) -> Response:
    """Change the password; every other session of the person ends, every token too."""
    current, new, again = (str(form.get(name, "")) for name in ("current", "new", "again"))
    if new != again:
        return _password_page(request, house, who, refusal=_("两次输入的新密码不一样。"), status=422)
    try:
        change_password(
            house.database,
            user_id=who.user_id,
            current=current,
            new=new,
            passwords=house.passwords,
            keep_session=who.session_id,
            clock=house.security_clock,
        )
    except PeopleRefused as refused:
        return _password_page(request, house, who, refusal=refused.message + refused.hint, status=422)
    return RedirectResponse(
        "/inbox" if who.must_change_password else "/account?said=password", status_code=303
    )


@router.post("/language")
def choose_language(form: FormData = Depends(posted), house: House = Depends(house_of)) -> Response:
    """Keep the interface language in a cookie of this browser."""
    chosen = text_of(form, "language")
    response = RedirectResponse(safe_next(text_of(form, "next", longest=2000)), status_code=303)
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=365 * 86400,
            httponly=True,
            samesite="lax",
            secure=house.settings.secure_cookies,
        )
    return response


def _password_page(
    request: Request, house: House, who: Visitor, *, refusal: str, status: int = 200
) -> Response:
    return page(
        request,
        "account/password.html",
        status=status,
        first=who.must_change_password,
        refusal=refusal,
        next="/inbox",
        password_length=house.passwords.rules.min_length,
    )
