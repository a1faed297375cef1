"""常用意见: the page where one keeps one's own phrases, a unit's, an assessor's and everybody's."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from sqlmodel import col
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import check_as_shown, shown_in
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import posted, safe_next, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.tables import Unit
from engine.work import phrases
from engine.work.phrases import EVERYBODY, Phrase, RefusedPhrase, Scope

router = APIRouter(prefix="/phrases", include_in_schema=False)


@dataclass(frozen=True)
class Shelf:
    """The phrases of one owner, and whether the reader keeps them."""

    scope: Scope
    owner_id: str
    heading: str
    may_keep: bool
    phrases: tuple[Phrase, ...]


@router.get("")
def show_phrases(
    request: Request,
    next: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Everything that one is offered, by owner."""
    return _page(request, house, person, back=next)


@router.post("")
def add(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Keep one more phrase for an owner."""
    owner_id, use = text_of(form, "owner"), text_of(form, "use")
    back, content = text_of(form, "next"), text_of(form, "content", longest=1000)
    if use not in phrases.USES:
        raise Trouble(422, "malformed")
    _may(person, owner_id)
    try:
        with house.database.write() as connection:
            phrases.add_phrase(
                connection,
                person,
                scope=scope_of(person, owner_id),
                owner_id=owner_id,
                use=use,
                content=content,
                at=house.engine.clock.now(),
            )
    except RefusedPhrase as refused:
        return _page(request, house, person, back=back, refusal=str(refused))
    return _back(back)


@router.post("/{phrase_id}")
def reword(
    request: Request,
    phrase_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Word a phrase anew, put it one place up, or take it away."""
    back, does = text_of(form, "next"), text_of(form, "does")
    try:
        with house.database.write() as connection:
            kept = phrases.read_phrase(connection, phrase_id)
            if kept is None or kept.owner_id not in phrases.owners_of(person):
                raise Trouble(404, "not_found")
            _may(person, kept.owner_id)
            if does != "up":
                check_as_shown(shown_in(form), kept.content)
            if does == "up":
                phrases.raise_phrase(connection, kept, phrases.phrases_for(connection, person))
            elif does == "remove":
                phrases.remove_phrase(connection, kept)
            else:
                phrases.reword_phrase(connection, kept, text_of(form, "content", longest=1000))
    except RefusedPhrase as refused:
        return _page(request, house, person, back=back, refusal=str(refused))
    return _back(back)


def scope_of(person: Person, owner_id: str) -> Scope:
    """Whose phrases an owner's are."""
    return "own" if owner_id == person.id else "all" if owner_id == EVERYBODY else "unit"


def _may(person: Person, owner_id: str) -> None:
    if owner_id not in phrases.owners_of(person):
        raise Trouble(404, "not_found")
    if not phrases.may_keep(person, owner_id):
        raise Trouble(403, "not_allowed", _("这里的常用意见由单位或系统管理员维护，您可以使用，不能改。"))


def _back(back: str) -> Response:
    way = f"?next={safe_next(back)}" if back else ""
    return RedirectResponse(f"/phrases{way}", status_code=303)


def _page(request: Request, house: House, person: Person, *, back: str, refusal: str = "") -> Response:
    with house.database.read() as connection:
        shelves = shelves_of(connection, person)
    return page(
        request,
        "account/phrases.html",
        status=422 if refusal else 200,
        shelves=shelves,
        uses={"opinion": _("意见"), "return": _("退回的理由")},
        back=safe_next(back) if back else "",
        most=phrases.MOST_LENGTH,
        refusal=refusal,
    )


def shelves_of(connection: Connection, person: Person) -> list[Shelf]:
    """One's own first, then units, then everybody's; empty ones only where one may keep them."""
    found = phrases.phrases_for(connection, person)
    units = sorted(phrases.owners_of(person) - {person.id, EVERYBODY})
    rows = connection.execute(select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_(units)))
    names: dict[str, str] = {row.id: row.name for row in rows}
    owners = [
        (person.id, _("我的")),
        *((one, names.get(one, one)) for one in units),
        (EVERYBODY, _("全系统")),
    ]
    shelves = [
        Shelf(
            scope_of(person, owner_id),
            owner_id,
            heading,
            phrases.may_keep(person, owner_id),
            tuple(one for one in found if one.owner_id == owner_id),
        )
        for owner_id, heading in owners
    ]
    return [one for one in shelves if one.may_keep or one.phrases]
