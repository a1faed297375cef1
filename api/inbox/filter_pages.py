"""Saved filters: naming the list one looks at, making it the one that a list begins with, sharing it."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from sqlmodel import col
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.asked import Asked, asked_of
from api.inbox.list_pages import given_in
from api.inbox.list_words import headings, summary
from api.inbox.narrowed import names_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.tables import Post, Unit
from engine.work.saved_filters import (
    FilterRefused,
    Sharing,
    delete_filter,
    filters_of,
    save_filter,
)

router = APIRouter(prefix="/inbox/filters", include_in_schema=False)


@dataclass(frozen=True)
class Desk:
    """With whom a filter can be shared: the value that the page sends, and its name."""

    value: str
    name: str


@router.get("")
def show_filters(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Save the list that the address asks for; below it all filters that the person has."""
    return _show(request, house, person, asked_of(given_in(request), today=house.today))


@router.post("")
def keep(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Save a filter under its name; then the list opens with it."""
    given = {name: text_of(form, name) for name in form if isinstance(form[name], str)}
    asked = asked_of(given, today=house.today)
    unit, _mark, post = given.get("sharing", "").partition("#")
    try:
        with house.database.write() as connection:
            save_filter(
                connection,
                person,
                name=given.get("name", ""),
                tab=asked.tab,
                asked=asked.parameters,
                is_default=given.get("default") == "yes",
                sharing=Sharing(unit, post or None) if unit else None,
                at=house.engine.clock.now(),
            )
    except FilterRefused as refused:
        return _show(request, house, person, asked, refusal=refused.message, status=422)
    return RedirectResponse(asked.address(plain="1", said="saved"), status_code=303)


@router.post("/{filter_id}/delete")
def forget(filter_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """Delete one of one's own filters; those it was shared with lose it too."""
    with house.database.write() as connection:
        if not delete_filter(connection, person, filter_id):
            raise Trouble(404, "not_found")
    return RedirectResponse("/inbox/filters?said=deleted", status_code=303)


def _show(
    request: Request, house: House, person: Person, asked: Asked, *, refusal: str = "", status: int = 200
) -> Response:
    with house.database.read() as connection:
        saved = filters_of(connection, person)
        desks = _desks(connection, person)
        names = names_of(house, connection, asked.wanted)
    return page(
        request,
        "inbox/filters.html",
        status=status,
        asked=asked,
        summary=summary(asked, names),
        headings=headings(),
        filters=[(one, asked_of({"tab": one.tab, **one.asked}, today=house.today)) for one in saved],
        desks=desks,
        names={desk.value: desk.name for desk in desks},
        refusal=refusal,
        said=_("筛选已删除。") if request.query_params.get("said") == "deleted" else "",
    )


def _desks(connection: Connection, person: Person) -> list[Desk]:
    """The person's own units, and own posts at them."""
    held = person.memberships
    units = {one.unit_id for one in held} | {one.home_id for one in held if one.home_id}
    named = dict(
        connection.execute(select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_(units))).all()
    )
    keys = {one.post_key for one in held}
    posts = dict(
        connection.execute(select(col(Post.key), col(Post.name)).where(col(Post.key).in_(keys))).all()
    )
    found = {unit: _("{unit}全体").format(unit=name) for unit, name in sorted(named.items())}
    for one in held:
        found[f"{one.unit_id}#{one.post_key}"] = f"{named[one.unit_id]} {posts[one.post_key]}"
    return [Desk(value, name) for value, name in found.items()]
