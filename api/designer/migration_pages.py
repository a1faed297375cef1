"""迁移: two versions side by side, a mapping, a check, then the move and how far it is; and the way back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.designer import migrating
from api.designer.migrating import Outlook
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import is_sure, number_of, posted, texts_of
from api.security.session import signed_in
from engine.bpmn.migration.differences import NAMES
from engine.people.persons import Person
from engine.runtime.definitions.versions import UnknownDefinition

router = APIRouter(prefix="/processes/{key}/migrations", include_in_schema=False)
BADGES = {"added": ("新", "soon"), "changed": ("改", "soon"), "removed": ("删", "late")}
EVERY_SECONDS = "2"


@dataclass(frozen=True)
class MappingLine:
    """An old element that is not in the new version, and what may stand for it: (id, name) each."""

    element: str
    name: str
    chosen: str
    choices: list[tuple[str, str]]


@router.get("")
def show_migration(
    request: Request, key: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Choose two versions; with both, what differs, a mapping, and what would become of the instances."""
    asked = request.query_params
    orders = migrating.orders(house, person, key)
    with house.database.read() as connection:
        try:
            version = house.engine.definitions.latest(connection, "process", key)
        except UnknownDefinition:
            raise Trouble(404, "not_found") from None
        versions = house.engine.definitions.versions(connection, "process", key)
    old, new = _number(asked.get("from")), _number(asked.get("to")) or version.number
    found = None
    if old and old != new:
        given = asked.getlist("map")
        found = migrating.outlook(house, person, key, old=old, new=new, mapping=mapping_of(given))
        if not given and found.suggested:
            found = migrating.outlook(house, person, key, old=old, new=new, mapping=found.suggested)
    return page(
        request, "processes/migrate.html", diagram=True, version=version, versions=versions, orders=orders,
        old=old, new=new, found=found, lines=_lines(found) if found else [], aspects=NAMES,
        badges=_badges(found) if found else {}, most=migrating.MOST_CHECKED,
    )  # fmt: skip


@router.post("")
def order_migration(
    key: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Order the move; workers carry it out."""
    if not is_sure(form):
        raise Trouble(422, "malformed", _("请先勾选确认。"))
    numbers = {"old": number_of(form, "from"), "new": number_of(form, "to")}
    mapping = mapping_of(texts_of(form, "map"))
    order_id = migrating.give_order(house, person, key, **numbers, mapping=mapping)
    return RedirectResponse(f"/processes/{key}/migrations/{order_id}", status_code=303)


@router.post("/check")
def look_at_all(
    key: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Look into every instance, in the background."""
    numbers = {"old": number_of(form, "from"), "new": number_of(form, "to")}
    mapping = mapping_of(texts_of(form, "map"))
    order_id = migrating.look_at_all(house, person, key, **numbers, mapping=mapping)
    return RedirectResponse(f"/processes/{key}/migrations/{order_id}", status_code=303)


@router.get("/{order_id}")
def show_progress(
    request: Request,
    key: str,
    order_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """How far an order is, and why some instances were not moved."""
    found = migrating.progress(house, person, order_id)
    plan = found.order.plan
    if plan.process_key != key:
        raise Trouble(404, "not_found")
    undoing = "undoing" in request.query_params
    busy = bool(found.counts.get("moved") if undoing else found.counts.get("waiting"))
    answer = page(
        request, "processes/migration.html", version=plan.new.version, found=found, plan=plan, busy=busy,
        undoing=undoing,
    )  # fmt: skip
    if busy:
        answer.headers["refresh"] = EVERY_SECONDS
    return answer


@router.post("/{order_id}/undo")
def undo_migration(
    key: str,
    order_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Take an order back; what has gone on since stays in the new version."""
    if not is_sure(form):
        raise Trouble(422, "malformed", _("请先勾选确认。"))
    order = migrating.take_back(house, person, order_id)
    address = f"/processes/{order.plan.process_key}/migrations/{order_id}?undoing=yes"
    return RedirectResponse(address, status_code=303)


def mapping_of(pairs: Iterable[str]) -> dict[str, str]:
    """`old=new` pairs; one without a new id is left out."""
    split = (pair.partition("=") for pair in pairs)
    return {old: new for old, _equals, new in split if old and new}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _lines(found: Outlook) -> list[MappingLine]:
    old, new = found.plan.old.drawn, found.plan.new.drawn
    lines = []
    for element in old.elements.values():
        if element.id in new.elements and element.id not in found.plan.mapping:
            continue
        fitting = [one for one in new.elements.values() if one.kind == element.kind]
        choices = [(one.id, one.name or one.id) for one in fitting]
        chosen = found.plan.mapping.get(element.id, "")
        lines.append(MappingLine(element.id, element.name or element.id, chosen, choices))
    return lines


def _badges(found: Outlook) -> Mapping[str, str]:
    """What the two diagrams show at elements that differ, as the viewer reads it."""
    shown: dict[str, dict[str, object]] = {"old": {}, "new": {}}
    for one in found.differences:
        text, tone = BADGES[one.what]
        for side in ("old",) if one.what == "removed" else ("new",):
            shown[side][one.element] = {"text": _(text), "tone": tone}
    return {side: orjson.dumps({"badges": badges}).decode() for side, badges in shown.items()}
