"""How a middleware refuses: the same page or problem document that any other error gets."""

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.errors import answer_error


async def refuse(scope: Scope, receive: Receive, send: Send, *, status: int, code: str) -> None:
    """Answer with the error page or problem of `code`; the request goes no further."""
    response = answer_error(Request(scope, receive), status=status, code=code)
    await response(scope, receive, send)
