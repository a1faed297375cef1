"""Logged out while typing: what was pressed goes through the log-in, and is done when it is pressed again."""

import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.language import gettext as _
from api.pages import page
from api.security.posted import posted, safe_next, text_of
from api.typed import Called, carried_by, posted_with, words_of

_CARRIED = "sent."
"""Before the names of the fields that go through the log-in page."""
_FINISHING = re.compile(r"^(/tasks/[^/]+)/(complete|register_for|answer)$")


async def log_in_again(request: Request) -> Response:
    """The log-in page, with what a page has just sent."""
    with suppress(HTTPException):  # nothing that could be read, so nothing to carry
        await posted(request)
    return page(
        request,
        "account/log_in.html",
        status=401,
        login="",
        next=_came_from(request),
        refusal=_("登录已经过期，刚才按下的还没有办。请重新登录，填写的内容会带过去。"),
        sent_to=_where_to(request),
        carried=[(_CARRIED + name, value) for name, value in carried_by(request)],
    )


def carried_again(form: FormData) -> list[tuple[str, str]]:
    """What the log-in page carries, for the same page again."""
    return [(name, str(value)) for name, value in form.multi_items() if name.startswith(_CARRIED)]


def go_on(
    request: Request, form: FormData, *, back: str, called: Callable[[str], Called | None]
) -> Response | None:
    """The page on which what was carried is pressed once more; None when nothing was.

    `called` says for an address what its fields are called.
    """
    to = text_of(form, "sent_to", longest=2000)
    fields = [(name.removeprefix(_CARRIED), value) for name, value in carried_again(form)]
    if not to or safe_next(to) != to:
        return None
    draft = to.endswith("/save_draft")
    words = words_of(fields, called(to))
    return page(request, "account/go_on.html", to=to, fields=fields, words=words, back=back, draft=draft)


def _where_to(request: Request) -> str:
    """The same address; uploads cannot be carried, so a task with some is kept as a draft instead."""
    form, path = posted_with(request), request.url.path
    files = form is not None and any(
        isinstance(value, UploadFile) and value.filename for value in form.values()
    )
    task = _FINISHING.match(path) if files else None
    address = f"{task[1]}/save_draft" if task else path
    return f"{address}?{request.url.query}" if request.url.query else address


def _came_from(request: Request) -> str:
    """The page on which it was typed, by what the browser says."""
    told = urlsplit(request.headers.get("referer", ""))
    if told.netloc != request.headers.get("host"):
        return "/inbox"
    return safe_next(told.path + (f"?{told.query}" if told.query else ""))
