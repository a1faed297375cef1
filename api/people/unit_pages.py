"""单位 and 岗位: the tree of units with their names and people; the posts and what they grant."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import shown_in
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people.allowed import require
from api.people.looking import posts_seen, unit_seen, units_seen
from api.people.naming_units import Wanted, add
from api.people.naming_units import change as change_unit
from api.people.queries import unit_choices
from api.security.posted import posted, text_of
from api.security.session import signed_in
from api.shell import can
from engine.people.acts import ACTS
from engine.people.administering import unit_thing
from engine.people.kinds import KIND_NAMES, TIER_NAMES
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.rights import may

router = APIRouter(include_in_schema=False)


@router.get("/units")
def list_units(
    request: Request,
    search: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The units in sight, by code."""
    lines, _following = units_seen(house, person, search=search)
    return page(
        request,
        "units/list.html",
        lines=lines,
        search=search[:60],
        today=house.today,
        may_manage=can(person, "manage_people"),
    )


@router.get("/units/new")
def show_new(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The form for a new unit."""
    require(person, "manage_people")
    return _new_page(request, house, person, sent={})


@router.post("/units/new")
def create(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Add a unit under another one."""
    names = ("code", "name", "short_name", "kind", "tier", "parent_id")
    sent = {name: text_of(form, name) for name in names}
    try:
        wanted = Wanted(
            code=sent["code"],
            name=sent["name"],
            short_name=sent["short_name"],
            kind=sent["kind"],
            tier=sent["tier"],
            parent_id=sent["parent_id"],
            assessed=text_of(form, "assessed") == "yes",
        )
        made = add(house, person, wanted)
    except PeopleRefused as refused:
        return _new_page(
            request, house, person, sent=sent, refusal=refused.message + refused.hint, status=422
        )
    return RedirectResponse(f"/units/{made.id}?said=saved", status_code=303)


@router.get("/units/{unit_id}")
def show(
    request: Request,
    unit_id: str,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One unit: names, place in the tree, people."""
    return _unit_page(request, house, person, unit_id, said=_("已保存。") if said == "saved" else "")


@router.post("/units/{unit_id}")
def change(
    request: Request,
    unit_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Change names and fields; a former name still finds the unit."""
    name, short, alias = text_of(form, "name"), text_of(form, "short_name"), text_of(form, "alias")
    try:
        change_unit(house, person, unit_id, name=name, short_name=short, alias=alias, shown=shown_in(form))
    except PeopleRefused as refused:
        return _unit_page(request, house, person, unit_id, refusal=refused.message + refused.hint, status=422)
    return RedirectResponse(f"/units/{unit_id}?said=saved", status_code=303)


@router.get("/posts")
def list_all_posts(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The posts that diagrams name, what each may do, and how many hold it."""
    posts, holders = posts_seen(house, person)
    return page(
        request,
        "units/posts.html",
        posts=posts,
        acts=ACTS,
        holders=holders,
    )


def _new_page(
    request: Request,
    house: House,
    person: Person,
    *,
    sent: Mapping[str, str],
    refusal: str = "",
    status: int = 200,
) -> Response:
    with house.database.read() as connection:
        units = unit_choices(connection, person, "manage_people")
    return page(
        request,
        "units/new.html",
        status=status,
        units=units,
        kinds=KIND_NAMES,
        tiers=TIER_NAMES,
        sent=sent,
        refusal=refusal,
    )


def _unit_page(
    request: Request,
    house: House,
    person: Person,
    unit_id: str,
    *,
    said: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response:
    seen = unit_seen(house, person, unit_id)
    return page(
        request,
        "units/unit.html",
        status=status,
        unit=seen.unit,
        aliases=seen.aliases,
        members=seen.members,
        may_manage=seen.may_change,
        sees_targets=may(person, "see_target", unit_thing(seen.unit)),
        said=said,
        refusal=refusal,
    )
