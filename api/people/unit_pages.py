"""单位 and 岗位: the tree of units with their names and people; the posts and what they grant."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people.allowed import LOOK, require
from api.people.queries import QUERIES, choices, units_page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from api.shell import can
from engine.people.acts import ACTS
from engine.people.kinds import KIND_NAMES, TIER_NAMES
from engine.people.persons import Person
from engine.people.posts import list_posts
from engine.people.refusals import PeopleRefused
from engine.people.tables import Unit
from engine.people.units import UnitSpec, add_alias, add_unit, aliases_of, change_unit, read_unit, rename_unit

router = APIRouter(include_in_schema=False)


@router.get("/units")
def list_units(
    request: Request,
    search: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """All units, by code."""
    require(person, *LOOK, "run_cycle")
    with house.database.read() as connection:
        lines = units_page(connection, search=search[:60], on=house.today)
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
    return _new_page(request, house, sent={})


@router.post("/units/new")
def create(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Add a unit under another one."""
    require(person, "manage_people")
    names = ("code", "name", "short_name", "kind", "tier", "parent_id")
    sent = {name: text_of(form, name) for name in names}
    try:
        with house.database.write() as connection:
            made = _add(connection, sent, assessed=text_of(form, "assessed") == "yes")
    except PeopleRefused as refused:
        return _new_page(request, house, sent=sent, refusal=refused.message + refused.hint, status=422)
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
    require(person, *LOOK, "run_cycle")
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
    require(person, "manage_people")
    name, short, alias = text_of(form, "name"), text_of(form, "short_name"), text_of(form, "alias")
    try:
        with house.database.write() as connection:
            unit = _unit(connection, unit_id)
            if name and name != unit.name:
                rename_unit(connection, unit_id, name, short_name=short)
            elif short != unit.short_name:
                change_unit(connection, unit_id, short_name=short)
            if alias:
                add_alias(connection, unit_id, alias)
    except PeopleRefused as refused:
        return _unit_page(request, house, person, unit_id, refusal=refused.message + refused.hint, status=422)
    return RedirectResponse(f"/units/{unit_id}?said=saved", status_code=303)


@router.get("/posts")
def list_all_posts(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The posts that diagrams name, what each may do, and how many hold it."""
    require(person, *LOOK)
    with house.database.read() as connection:
        posts = list_posts(connection)
        rows = QUERIES.rows(connection, "holders_by_post", on_day=house.today)
    return page(
        request,
        "units/posts.html",
        posts=posts,
        acts=ACTS,
        holders={row["post_key"]: row["people"] for row in rows},
    )


def _add(connection: Connection, sent: Mapping[str, str], *, assessed: bool) -> Unit:
    parent = read_unit(connection, sent["parent_id"]) if sent["parent_id"] else None
    return add_unit(
        connection,
        UnitSpec(
            code=sent["code"],
            name=sent["name"],
            short_name=sent["short_name"],
            kind=sent["kind"],
            tier=sent["tier"],
            parent_id=parent.id if parent else None,
            assessor_id=parent.assessor_id if parent else None,
            assessed=assessed,
        ),
    )


def _new_page(
    request: Request, house: House, *, sent: Mapping[str, str], refusal: str = "", status: int = 200
) -> Response:
    with house.database.read() as connection:
        units = choices(connection, "unit_choices")
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


def _unit(connection: Connection, unit_id: str) -> Unit:
    try:
        return read_unit(connection, unit_id)
    except PeopleRefused as missing:
        raise Trouble(404, "not_found") from missing


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
    with house.database.read() as connection:
        unit = _unit(connection, unit_id)
        return page(
            request,
            "units/unit.html",
            status=status,
            unit=unit,
            aliases=aliases_of(connection, unit_id),
            members=QUERIES.rows(connection, "members", unit_id=unit_id, on_day=house.today),
            may_manage=can(person, "manage_people"),
            said=said,
            refusal=refusal,
        )
