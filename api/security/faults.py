"""What nobody foresaw: logged with its trace, answered with a page that says what was kept."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer_error
from api.logs import log


class Faults:
    """Turns an exception into a 500 answer that still passes through the other middlewares."""

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
        except Exception:
            log.exception("fault", path=scope["path"])
            if started:
                raise
            response = answer_error(Request(scope, receive), status=500, code="broken")
            await response(scope, receive, send)
