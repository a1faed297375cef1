"""一起看、一起签: the page on which several tasks are looked through, and their one confirmation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.inbox.beside_form import words_for
from api.inbox.several import MOST, Candidate, Intention, candidates, sign_all
from api.language import gettext as _
from api.pages import page
from api.security.posted import is_sure, number_of, posted, text_of, texts_of
from api.security.session import signed_in
from engine.ids import new_id
from engine.people.persons import Person
from engine.verbs.visit import MOST_OPINION
from engine.work.signature_images import images_of

router = APIRouter(prefix="/signing", include_in_schema=False)


@router.get("")
def look_through(
    request: Request,
    item: Annotated[list[str] | None, Query()] = None,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The chosen tasks, one after another; what cannot be signed so is named with the reason."""
    if not item:
        return RedirectResponse("/inbox", status_code=303)
    return _page(request, house, person, candidates(house, person, item), left_out=max(0, len(item) - MOST))


@router.post("")
def sign(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Sign those that are ticked, each in a transaction of its own; a result for each."""
    ids = list(texts_of(form, "item"))[:MOST]
    common = text_of(form, "opinion", longest=MOST_OPINION * 2)
    if not ids or not is_sure(form):
        refusal = _("还没有签署：请至少选一项，并勾选已逐项看过。")
        shown = candidates(house, person, texts_of(form, "shown"))
        return _page(request, house, person, shown, refusal=refusal, opinion=common)
    intentions = [
        Intention(
            one,
            number_of(form, f"version.{one}"),
            text_of(form, f"opinion.{one}", longest=MOST_OPINION * 2) or common,
        )
        for one in ids
    ]
    results = sign_all(
        house, person, intentions, signature=text_of(form, "signature"), key=text_of(form, "key", longest=36)
    )
    return page(request, "task/signed.html", results=results, done=sum(one.done for one in results))


def _page(
    request: Request,
    house: House,
    person: Person,
    found: list[Candidate],
    *,
    refusal: str = "",
    opinion: str = "",
    left_out: int = 0,
) -> Response:
    able = [one for one in found if not one.why_not]
    with house.database.read() as connection:
        phrases = words_for(connection, person, "opinion")
        wanted = any(one.signature_offered for one in able)
        signatures = images_of(connection, person.id) if wanted else []
    return page(
        request,
        "task/signing.html",
        status=422 if refusal else 200,
        able=able,
        unable=[one for one in found if one.why_not],
        phrases=phrases,
        signatures=signatures,
        wanted=wanted,
        needed=any(one.signature_required for one in able),
        refusal=refusal,
        opinion=opinion,
        left_out=left_out,
        key=new_id(),
        most=MOST_OPINION,
    )
