"""What nobody foresaw: logged with its trace, answered with a page that says what was kept."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer_error
from api.logs import log
from engine.store.outages import Outage, outage_of

_ANSWERS: Mapping[Outage | None, tuple[int, str]] = {
    None: (500, "broken"),
    "away": (503, "unavailable"),
    "full": (507, "storage_full"),
}
RETRY_AFTER_SECONDS = "5"


class Faults:
    """Turns an exception into an answer that still passes through the other middlewares.

    503 or 507 when the database is away or full, which the next moment may mend; else 500.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as fault:
            log.exception("fault", path=scope["path"])
            if started:
                raise
            status, code = _ANSWERS[outage_of(fault)]
            response = answer_error(Request(scope, receive), status=status, code=code)
            if status == 503:
                response.headers["retry-after"] = RETRY_AFTER_SECONDS
            await response(scope, receive, send)
