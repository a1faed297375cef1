"""说一说, 查进展, 承诺与结果: open to everybody, without a log-in; nothing about the visitor is kept."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.portal import opinions
from api.security.posted import posted
from processes.rectification.reading import unit_options
from processes.rectification.saying import LONGEST, Said, SayingRefused, listening
from processes.rectification.showing import promise, promises

router = APIRouter(prefix="/public", include_in_schema=False)

COMPLAINT = "complaint"


@router.get("/say")
def show_say(request: Request, house: House = Depends(house_of)) -> Response:
    """The form to say something."""
    return _say(request, house)


@router.post("/say")
def say(request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)) -> Response:
    """Take an opinion or a complaint; the answer shows the code, this once."""
    sent = {
        name: str(form.get(name, "")) for name in ("cycle_id", "kind", "unit_id", "text", "name", "contact")
    }
    if form.get("website"):  # only programs fill the field that people do not see
        return RedirectResponse("/public/say", status_code=303)
    try:
        if sent["kind"] == COMPLAINT:
            taken = opinions.take_complaint(request, house, sent["cycle_id"], sent["text"])
        else:
            said = Said(sent["text"], sent["unit_id"], sent["name"], sent["contact"])
            taken = opinions.take(request, house, sent["cycle_id"], said)
    except SayingRefused as refused:
        return _say(request, house, sent=sent, refusal=str(refused), wrong=refused.field)
    return page(request, "portal/said.html", code=taken.code, complaint=sent["kind"] == COMPLAINT)


@router.get("/follow")
def show_follow(request: Request) -> Response:
    """The form for a code; a code never stands in an address."""
    return page(request, "portal/follow.html", found=None, code="", refusal="", said="")


@router.post("/follow")
def follow(request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)) -> Response:
    """What became of it, for whoever holds the code."""
    code = str(form.get("code", ""))[:64]
    try:
        found = opinions.look_up(request, house, code)
    except Trouble as trouble:
        return _wrong(request, trouble)
    return page(request, "portal/follow.html", found=found, code=code, refusal="", said="")


@router.post("/follow/verdict")
def judge(request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)) -> Response:
    """已解决 or 没有解决, by who said it."""
    code = str(form.get("code", ""))[:64]
    verdict = str(form.get("solved", ""))
    try:
        if verdict not in ("yes", "no"):
            raise Trouble(422, "malformed", _("请选择“已解决”或“没有解决”。"))
        opinions.judge(request, house, code, solved=verdict == "yes", text=str(form.get("text", "")))
        found = opinions.look_up(request, house, code)
    except Trouble as trouble:
        return _wrong(request, trouble)
    return page(
        request, "portal/follow.html", found=found, code=code, refusal="", said=_("谢谢，已记下您的评价。")
    )


@router.get("/promises")
def list_promises(request: Request, house: House = Depends(house_of)) -> Response:
    """Every promise that is public, with its newest rate."""
    with house.database.read() as connection:
        return page(request, "portal/promises.html", rows=promises(connection))


@router.get("/promises/{issue_id}")
def show_promise(
    request: Request, issue_id: str, said: str = "", house: House = Depends(house_of)
) -> Response:
    """One promise: plan, progress, result and satisfaction of every round; and a place to comment."""
    told = _("谢谢，您的意见已经收到。考评办审看后，会在本页公开并请单位答复。") if said == "thanks" else ""
    return _promise(request, house, issue_id, said=told)


@router.post("/promises/{issue_id}")
def comment(
    request: Request, issue_id: str, form: FormData = Depends(posted), house: House = Depends(house_of)
) -> Response:
    """Take a comment; nobody sees it before the office has released it."""
    text = str(form.get("text", ""))
    if not form.get("website"):  # only programs fill the field that people do not see
        try:
            opinions.comment(request, house, issue_id, text)
        except SayingRefused as refused:
            return _promise(request, house, issue_id, text=text, refusal=str(refused))
    return RedirectResponse(f"/public/promises/{issue_id}?said=thanks", status_code=303)


def _say(
    request: Request, house: House, *, sent: dict[str, str] | None = None, refusal: str = "", wrong: str = ""
) -> Response:
    with house.database.read() as connection:
        cities: list[dict[str, Any]] = [
            {**row, "units": unit_options(connection, row["cycle_id"])}
            for row in listening(connection, house.today)
        ]
    if not cities:
        raise Trouble(404, "not_found", _("这里现在不收意见。"))
    return page(
        request,
        "portal/say.html",
        status=422 if refusal else 200,
        cities=cities,
        sent=sent or {},
        refusal=refusal,
        wrong=wrong,
        longest=LONGEST,
    )


def _wrong(request: Request, trouble: Trouble) -> Response:
    """The form again, with one sentence; the code is not shown again."""
    return page(
        request,
        "portal/follow.html",
        status=trouble.status,
        found=None,
        code="",
        refusal=trouble.message,
        said="",
    )


def _promise(
    request: Request, house: House, issue_id: str, *, said: str = "", text: str = "", refusal: str = ""
) -> Response:
    with house.database.read() as connection:
        story = promise(connection, issue_id)
    if story is None:
        raise Trouble(404, "not_found")
    return page(
        request,
        "portal/promise.html",
        status=422 if refusal else 200,
        story=story,
        issue=story.issue,
        may_comment=story.issue["route"] == "key" and story.issue["closed_at"] is None,
        said=said,
        text=text,
        refusal=refusal,
        longest=LONGEST,
    )
