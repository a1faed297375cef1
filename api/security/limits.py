"""How large a request may be. Counted while it arrives, so that nothing large is ever held."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.security.refused import refuse

_PUBLIC_BYTES = 64 * 1024
"""Open pages take words only."""
_PUBLIC = ("/public/", "/login", "/api/v1/public/")


class TooLarge(HTTPException):
    """More bytes arrived than the path allows. FastAPI passes HTTP exceptions on while it reads a body."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimit:
    """413 when a request announces or sends more than `max_bytes` (64 kB on open pages)."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = _PUBLIC_BYTES if scope["path"].startswith(_PUBLIC) else self.max_bytes
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > limit:
            await refuse(scope, receive, send, status=413, code="too_large")
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, watched)
        except TooLarge:
            if started:
                raise
            await refuse(scope, receive, send, status=413, code="too_large")
