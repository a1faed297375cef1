"""Units with their names, tree and people; and the posts that diagrams name."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.errors import Trouble
from api.house import House, house_of
from api.people import naming_units
from api.people.looking import posts_seen, unit_seen, units_below, units_seen
from api.rest import people_shapes, shapes, unit_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.people.tables import Unit

router: APIRouter = group("单位与岗位 units")


@router.get("/units", summary="单位，按代码")
def list_all_units(
    search: Annotated[str, Query(max_length=60, description="名称、别名、代码或拼音首字母")] = "",
    after: Annotated[str, Query(max_length=300, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[unit_shapes.Unit]:
    """The units that the page 单位 shows to the caller, ended ones too. Everybody's own unit is in /me."""
    rows, following = units_seen(house, person, search=search, after=after, limit=limit)
    return shapes.Listed[unit_shapes.Unit](
        items=[unit_shapes.Unit.model_validate({**row, "group": row["unit_group"]}) for row in rows],
        next=following or None,
    )


@router.post("/units", summary="新增单位", status_code=201)
def add_unit(
    sent: unit_shapes.NewUnit, person: Person = Depends(caller), house: House = Depends(house_of)
) -> unit_shapes.UnitDetail:
    """Add a unit; 422 when its code or a name is taken."""
    made = naming_units.add(
        house,
        person,
        naming_units.Wanted(
            code=sent.code,
            name=sent.name,
            kind=sent.kind,
            tier=sent.tier,
            short_name=sent.short_name,
            parent_id=sent.parent_id or "",
            assessed=sent.assessed,
            aliases=tuple(sent.aliases),
        ),
    )
    return _detail(house, person, made.id)


@router.get("/units/{unit_id}", summary="一个单位：名称、别名和人员")
def show_unit(
    unit_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> unit_shapes.UnitDetail:
    """One unit."""
    return _detail(house, person, unit_id)


@router.patch("/units/{unit_id}", summary="改名称、简称，或移到另一个单位之下")
def change_unit(
    unit_id: str,
    sent: unit_shapes.UnitChange,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> unit_shapes.UnitDetail:
    """Change what is given; 422 when the name is taken or the tree would have a circle."""
    naming_units.change(
        house, person, unit_id, name=sent.name, short_name=sent.short_name, parent_id=sent.parent_id
    )
    return _detail(house, person, unit_id)


@router.get("/units/{unit_id}/tree", summary="一个单位和它下面的所有单位、处室")
def show_tree(
    unit_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[unit_shapes.Unit]:
    """The unit first, then what lies under it, nearest first; `parent_id` makes the tree."""
    return shapes.Listed[unit_shapes.Unit](
        items=[unit_shapes.Unit(**_told(unit)) for unit in units_below(house, person, unit_id)]
    )


@router.post("/units/{unit_id}/aliases", summary="加一个别名", status_code=201)
def add_alias(
    unit_id: str,
    sent: unit_shapes.NewAlias,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> unit_shapes.UnitDetail:
    """Let the unit be found under one more name; 422 when another unit is called so."""
    naming_units.change(house, person, unit_id, alias=sent.alias)
    return _detail(house, person, unit_id)


@router.delete("/units/{unit_id}/aliases/{alias_id}", summary="去掉一个别名", status_code=204)
def forget_alias(
    unit_id: str, alias_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> None:
    """The unit's own name stays (422)."""
    found = next((one for one in unit_seen(house, person, unit_id).aliases if one.id == alias_id), None)
    if found is None:
        raise Trouble(404, "not_found")
    naming_units.call_no_more(house, person, unit_id, found.alias)


@router.get("/posts", summary="岗位：流程图里写的键、名称、权限和人数")
def list_posts(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[people_shapes.Post]:
    """The posts that diagrams name, highest rank first."""
    posts, holders = posts_seen(house, person)
    return shapes.Listed[people_shapes.Post](
        items=[
            people_shapes.Post(
                key=post.key,
                name=post.name,
                name_en=post.name_en,
                rank=post.rank,
                duty=post.duty,
                seat=post.seat,
                separation=post.separation,
                grants=[
                    people_shapes.Grant(act=grant.act, reach=grant.reach, cycle_id=grant.cycle_id)
                    for grant in post.grants
                ],
                holders=holders.get(post.key, 0),
            )
            for post in posts
        ]
    )


def _detail(house: House, person: Person, unit_id: str) -> unit_shapes.UnitDetail:
    seen = unit_seen(house, person, unit_id)
    return unit_shapes.UnitDetail(
        **_told(seen.unit),
        aliases=[unit_shapes.Alias(id=one.id, alias=one.alias, kind=one.kind) for one in seen.aliases],
        people=[unit_shapes.Member.model_validate(member) for member in seen.members],
    )


def _told(unit: Unit) -> dict[str, Any]:
    """What every shape of a unit has."""
    return {**unit.model_dump(include=_SAME), "group": unit.unit_group}


_SAME = set(unit_shapes.Unit.model_fields) - {"group"}
