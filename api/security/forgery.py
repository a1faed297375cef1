"""Requests that another site makes a person's browser send are refused.

Browsers say where a request comes from (Sec-Fetch-Site, else Origin). Programs send neither; they hold
no cookie that a foreign page could use.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.security.refused import refuse

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_forged(method: str, headers: Headers) -> bool:
    """Whether an unsafe request was started by a page of another origin."""
    if method in _SAFE:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc != headers.get("host")


class ForgeryCheck:
    """403 for a forged request; nothing behind it is reached."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_forged(scope["method"], Headers(scope=scope)):
            await refuse(scope, receive, send, status=403, code="forged_request")
            return
        await self.app(scope, receive, send)
