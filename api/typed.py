"""What somebody typed into a page that could not take it: shown again, so that nobody writes it twice."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request

from api.language import gettext as _

_SECRET = re.compile("password|secret|code|^(current|new|again)$")
"""Names of fields that are never shown again."""
_SECRET_PLACES = ("/login", "/password", "/ballots/", "/public/survey", "/public/follow")
"""Pages whose answers are nobody's to read, or whose fields are codes."""
_MACHINERY = frozenset(
    {"version", "draft_seen", "outcome", "where", "item", "sure", "next", "does", "target", "straight_back",
     "language", "tree", "signature", "back", "shown"}
)  # fmt: skip
"""What a page sends of its own: nobody has typed it."""
_BUTTONS = re.compile(r"(^|\.)_[a-z_]+$")
"""Buttons and marks of rows inside a form."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Words:
    """One field: what it is called, where that is known, and what was typed."""

    label: str
    text: str


Called = Callable[[str, str], Words]
"""What a field's name and its posted value are called where they were typed."""


def known_as(request: Request, naming: Called | None) -> None:
    """Say what the fields of the page that was sent are called there."""
    request.state.naming = naming


def named_as(request: Request, **names: str) -> None:
    """`known_as` for a page on which fields are called otherwise than on most: what each is called."""
    known_as(request, lambda name, value: Words(names.get(name, ""), value))


def posted_with(request: Request) -> FormData | None:
    """The form that came with a request, as far as it was read."""
    found: FormData | None = getattr(request.state, "posted", None)
    return found


def typed_in(request: Request) -> list[Words]:
    """What a person typed into the page that was sent; nothing for secrets, and nothing of uploads."""
    form = posted_with(request)
    if form is None or request.url.path.startswith(_SECRET_PLACES):
        return []
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return words_of(fields, getattr(request.state, "naming", None))


def words_of(fields: Sequence[tuple[str, str]], naming: Called | None = None) -> list[Words]:
    """Of the fields of a form those that somebody has typed and may read again, as `naming` calls them."""
    labels = {
        "opinion": _("意见"), "reason": _("理由"), "who": _("给谁"), "text": _("内容"), "remark": _("备注"),
        "name": _("名称"), "short_name": _("简称"), "alias": _("别名"), "phone": _("电话"),
        "email": _("邮箱"), "day": _("日期"), "content": _("内容"), "units": _("单位"), "fields": _("领域"),
        "digest_time": _("每日汇总的时间"), "quiet_from": _("免打扰从"), "quiet_until": _("到"),
    }  # fmt: skip
    typed = [
        (name, value)
        for name, value in fields
        if value.strip() and name not in _MACHINERY and not _BUTTONS.search(name)
        if not _SECRET.search(name) and not _ID.fullmatch(value)
    ]
    found = []
    for name, value in typed:
        told = naming(name, value) if naming else Words("", value)
        found.append(Words(told.label or _usual(labels, name), told.text))
    return found


def _usual(labels: Mapping[str, str], name: str) -> str:
    """What a field is called on any page: `opinion.<item>` an opinion, `value.score` by its variable."""
    first, _dot, rest = name.partition(".")
    if first in ("value", "new") and rest:
        return rest
    return labels.get(first, _("填写的内容"))


def typed_as(request: Request, name: str) -> str:
    """What was typed into one field of the page that was sent; "" when nothing was."""
    form = posted_with(request)
    value = form.get(name, "") if form is not None else ""
    return value if isinstance(value, str) else ""


def carried_by(request: Request) -> list[tuple[str, str]]:
    """Every field but files, to be sent once more after logging in; nothing of what is secret."""
    form = posted_with(request)
    if form is None or request.url.path.startswith(_SECRET_PLACES):
        return []
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and not _SECRET.search(name)
    ]
