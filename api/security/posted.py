"""What a page's form sent."""

from collections.abc import Sequence
from typing import cast

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

MAX_FIELDS = 5000
MAX_FILES = 40


async def posted(request: Request) -> FormData:
    """The fields and files of a form. A dependency. Raises a 400 answer when they cannot be read.

    They are noted with the request: whatever page answers can show what was typed (`api.typed`).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(400)
    try:
        request.state.posted = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS)
        return cast("FormData", request.state.posted)
    except (MultiPartException, UnicodeError, KeyError) as error:
        raise HTTPException(400) from error


def text_of(form: FormData, name: str, *, longest: int = 200) -> str:
    """One text field, without the spaces around it; empty when absent. Raises a 400 answer when too long."""
    value = form.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise HTTPException(400)
    return value.strip()


def texts_of(form: FormData, name: str) -> Sequence[str]:
    """Every value of a field that may be sent several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def is_sure(form: FormData) -> bool:
    """Whether the box beside a button of serious effect was ticked (`parts.sure` in the templates)."""
    return form.get("sure") == "yes"


def number_of(form: FormData, name: str) -> int:
    """A whole number. Raises a 400 answer when it is none."""
    value = text_of(form, name, longest=12)
    if not value.lstrip("-").isdigit() or not value.isascii():
        raise HTTPException(400)
    return int(value)


def safe_next(address: str) -> str:
    """`address` when it is a path of this site, else the inbox: no redirect leads outside."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if inside and not any(ord(sign) < 32 for sign in address) else "/inbox"
