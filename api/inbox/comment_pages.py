"""评论 from the pages: saying something, wording it anew, erasing it, and looking at earlier wordings."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import is_sure, posted, safe_next, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.verbs.others.commenting import comment, erase_comment, reword
from engine.verbs.refusals import Refusal
from engine.verbs.tokens.mending import may_mend
from engine.work.comments import MOST_LENGTH, read_comment, wordings_of
from engine.work.history import may_see

router = APIRouter(include_in_schema=False)


@router.post("/instances/{instance_id}/comments")
def say(
    request: Request,
    instance_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Say something; back to the page where it was written."""
    text, back = text_of(form, "text", longest=2 * MOST_LENGTH), safe_next(text_of(form, "back"))
    try:
        said = comment(house.engine, person, instance_id, text)
    except Refusal as refused:
        if refused.status == 404:
            raise
        return page(
            request,
            "task/comment_refused.html",
            status=refused.status,
            instance_id=instance_id,
            text=text,
            back=back,
            refusal=refused.message,
        )
    return RedirectResponse(f"{back}#comment-{said}", status_code=303)


@router.get("/comments/{comment_id}")
def show_comment(
    request: Request,
    comment_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One comment with its wordings; its writer may word it anew, its writer and the office may erase it."""
    return _comment_page(request, house, person, comment_id)


@router.post("/comments/{comment_id}")
def say_anew(
    request: Request,
    comment_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Word one's own comment anew."""
    text = text_of(form, "text", longest=2 * MOST_LENGTH)
    try:
        reword(house.engine, person, comment_id, text)
    except Refusal as refused:
        if refused.status == 404:
            raise
        return _comment_page(request, house, person, comment_id, refused=refused, typed=text)
    return _to_instance(house, person, comment_id)


@router.post("/comments/{comment_id}/erase")
def erase(
    request: Request,
    comment_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """清除: its words are gone for good; the box beside the button must be ticked."""
    if not is_sure(form):
        return _comment_page(
            request, house, person, comment_id, refusal=_("还没有清除：请先勾选按钮上方的确认。")
        )
    try:
        erase_comment(house.engine, person, comment_id)
    except Refusal as refused:
        if refused.status == 404:
            raise
        return _comment_page(request, house, person, comment_id, refused=refused)
    return _to_instance(house, person, comment_id)


def _to_instance(house: House, person: Person, comment_id: str) -> Response:
    with house.database.read() as connection:
        about = read_comment(connection, comment_id)
    assert about is not None  # it has just been changed
    return RedirectResponse(f"/instances/{about['instance_id']}#comment-{comment_id}", status_code=303)


def _comment_page(
    request: Request,
    house: House,
    person: Person,
    comment_id: str,
    *,
    refused: Refusal | None = None,
    refusal: str = "",
    typed: str | None = None,
) -> Response:
    with house.database.read() as connection:
        about = read_comment(connection, comment_id)
        if about is None or not may_see(connection, person, about["instance_id"]):
            raise Trouble(404, "not_found")
        wordings = wordings_of(connection, comment_id)
    mine = about["person_id"] == person.id and about["erased_at"] is None
    office = may_mend(person, {"assessor_id": about["assessor_id"], "cycle_id": about["cycle_id"]})
    said = refused.message if refused else refusal
    return page(
        request,
        "task/comment.html",
        status=refused.status if refused else 422 if refusal else 200,
        comment=about,
        wordings=wordings,
        mine=mine,
        may_erase=about["erased_at"] is None and (mine or office),
        typed=wordings[-1].text or "" if typed is None else typed,
        refusal=said,
    )
