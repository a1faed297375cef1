"""The application: its parts, middlewares, error answers and routes."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import StatementError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api.assembly import build_engine
from api.errors import Trouble, answer_error, wants_json
from api.health import Probe
from api.house import House, make_house
from api.language import Language
from api.live.stream_pages import Live
from api.logs import RequestLog, configure_logs
from api.pages import STATIC
from api.portal.rates import HourlyLimit, Limit
from api.routes import ROUTERS
from api.security.faults import Faults
from api.security.forgery import ForgeryCheck
from api.security.going_on import log_in_again
from api.security.headers import SecurityHeaders
from api.security.limits import BodyLimit
from api.security.shared_rates import SharedLimit
from api.settings import MEGABYTE, Settings
from api.wrong_input import sentence_of
from engine.people.refusals import NotAllowed, PeopleRefused
from engine.people.workbook import ImportRefused
from engine.runtime.engine import Engine
from engine.store import UnstorableText
from engine.verbs.refusals import Refusal

_CODES = {401: "log_in_first", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed",
          400: "malformed", 413: "too_large", 429: "too_many"}  # fmt: skip


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The web application of one installation; `engine` is built from the settings when not given."""
    app = FastAPI(
        title="闭环 Bihuan",
        summary="政府绩效考评：流程、待办与目标的接口",
        version="1",
        middleware=_middlewares(settings),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    configure_logs(format=settings.log_format, level=settings.log_level)
    house = app.state.house = make_house(settings, engine or build_engine(settings))
    app.state.live = Live(house)
    app.state.probe = Probe(settings, house.engine)
    app.state.log_in_limit = _limit(house, "log_in", settings.failed_log_ins_per_hour)
    app.state.comment_limit = _limit(house, "comment", settings.public_comments_per_hour)
    app.state.code_limit = _limit(house, "code", settings.public_codes_per_hour)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", _Static(directory=STATIC, check_dir=False), name="static")
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    return app


def _limit(house: House, name: str, most: int) -> Limit:
    """Several servers on PostgreSQL count together; the one on SQLite keeps it in memory."""
    if house.database.dialect == "sqlite":
        return HourlyLimit(most)
    return SharedLimit(most, name=name, database=house.database, folder=house.settings.data_dir)


def _middlewares(settings: Settings) -> list[Middleware]:
    return [
        Middleware(RequestLog),
        Middleware(SecurityHeaders, secure=settings.secure_cookies),
        Middleware(Language, default=settings.language),
        Middleware(Faults),
        Middleware(ForgeryCheck),
        Middleware(BodyLimit, max_bytes=settings.max_request_mb * MEGABYTE),
    ]


class _Static(StaticFiles):
    """Built files; those asked for by their digest never change."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_cached(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                known = b"v=" in scope["query_string"]
                value = b"public, max-age=31536000, immutable" if known else b"no-cache"
                headers = message["headers"]
                assert isinstance(headers, list)
                message["headers"] = [*headers, (b"cache-control", value)]
            await send(message)

        await super().__call__(scope, receive, send_cached)  # type: ignore[arg-type]


async def _trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, Trouble)
    if error.status == 401 and not wants_json(request) and "hx-request" not in request.headers:
        if request.method == "GET":
            return RedirectResponse(log_in_address(request), status_code=303)
        return await log_in_again(request)
    return answer_error(
        request,
        status=error.status,
        code=error.code,
        message=error.message,
        errors=error.errors,
        more=error.more,
    )


def log_in_address(request: Request) -> str:
    """Where to log in, and come back from to this page."""
    after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return str(request.url_for("log_in").include_query_params(next=after).replace(scheme="", netloc=""))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 303:
        return RedirectResponse((error.headers or {})["location"], status_code=303)
    code = _CODES.get(error.status_code, "malformed")
    return answer_error(request, status=error.status_code, code=code)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {
            "field": ".".join(str(part) for part in found["loc"][1:]),
            "code": str(found["type"]),
            "message": sentence_of(found),
        }
        for found in error.errors()
    ]
    status = 404 if all(found["loc"][0] == "path" for found in error.errors()) else 422
    return answer_error(
        request, status=status, code="not_found" if status == 404 else "malformed", errors=errors
    )


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    errors = [
        {"field": found.field, "code": found.code, "message": found.message}
        for found in getattr(error, "errors", ())
    ]
    more = {"hint": error.hint} if error.hint else None
    return answer_error(
        request, status=error.status, code=error.code, message=error.message, errors=errors, more=more
    )


async def _people(request: Request, error: Exception) -> Response:
    assert isinstance(error, PeopleRefused)
    status = 403 if isinstance(error, NotAllowed) else 422
    return answer_error(
        request,
        status=status,
        code=error.code,
        message=error.message + error.hint,
        errors=_wrong_places(error),
    )


def _wrong_places(error: PeopleRefused) -> list[dict[str, str]]:
    """The field that is wrong; of an import every wrong cell, as `sheet.line.column`."""
    if isinstance(error, ImportRefused):
        return [
            {
                "field": ".".join(str(part) for part in (one.sheet, one.line, one.column) if part) or "file",
                "code": "refused",
                "message": one.message + one.hint,
            }
            for one in error.errors
        ]
    field = error.fields.get("field")
    return [{"field": str(field), "code": error.code, "message": error.message}] if field else []


async def _unstorable(request: Request, error: Exception) -> Response:
    """A text that no database keeps, found where it was bound (also as part of a JSON value)."""
    cause = error.orig if isinstance(error, StatementError) else error
    if not isinstance(cause, UnstorableText):
        raise error
    return answer_error(request, status=400, code="malformed", message=str(cause))


_ANSWERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    Trouble: _trouble,
    HTTPException: _http,
    RequestValidationError: _invalid,
    Refusal: _refusal,
    PeopleRefused: _people,
    UnstorableText: _unstorable,
    StatementError: _unstorable,
}
