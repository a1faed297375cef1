"""离职转办: who leaves, who gets their open work, what that leads to, and then it is done with its list."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.people_typed import people_typed
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.rights import may_somewhere
from engine.people.search import Found, Kind, find
from engine.store import Row
from engine.verbs.others import leaving
from engine.verbs.refusals import Invalid, NotVisible, Refusal
from engine.verbs.visit import MOST_OPINION

router = APIRouter(prefix="/office/leaving", include_in_schema=False)
_PEOPLE: tuple[Kind, ...] = ("person",)
EVERY_SECONDS = "2"
"""So often the page of an order asks how far it is."""


@dataclass(frozen=True)
class Choice:
    """One group with who is to get it, as it was typed."""

    group: leaving.Group
    number: int
    who: str
    to_post: bool


@router.get("")
def choose_leaver(
    request: Request, search: str = "", person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Who leaves: found by name, pinyin or login."""
    if not may_somewhere(person, "mend"):
        raise Trouble(403, "not_allowed", _("离职转办由考评办办理。"))
    found: list[Found] = []
    if search.strip():
        with house.database.read() as connection:
            found = find(connection, search, on=house.today, kinds=_PEOPLE)
    ours = [one for one in found if _has_work(house, person, one.id)]
    return page(request, "office/leaving.html", search=search, found=ours)


@router.get("/{user_id}")
def show_leaver(
    request: Request, user_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """All open work of somebody, by the post from which it came."""
    return _page(request, house, leaving.leaver(house.engine, person, user_id), {})


@router.post("/{user_id}")
def hand_over_all(
    request: Request,
    user_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """See what it leads to, or, where that has been seen (`sure`), give the order; jobs carry it out."""
    found = leaving.leaver(house.engine, person, user_id)
    said = {name: str(value)[:1000] for name, value in form.items() if isinstance(value, str)}
    reason = text_of(form, "reason", longest=2 * MOST_OPINION)
    try:
        receivers = _receivers(house, found, said)
        if text_of(form, "sure") != "yes":
            foreseen = leaving.foresee(house.engine, person, user_id, receivers)
            return _page(request, house, found, said, foreseen=foreseen)
        ends = text_of(form, "end_rules") == "yes"
        order = leaving.give_order(house.engine, person, user_id, receivers, reason=reason, end_rules=ends)
    except Invalid as refusal:
        return _page(request, house, found, said, refusal=refusal)
    return RedirectResponse(f"/office/leaving/orders/{order}", status_code=303)


@router.get("/orders/{order_id}")
def show_order(
    request: Request, order_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """How far an order is, and what became of each task; the page comes again while some still wait."""
    order = leaving.read_order(house.engine, person, order_id)
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        lines = [{**line, "title": _title(naming, line)} for line in order.lines]
    answer = page(request, "office/leaving_order.html", order=order, lines=lines)
    if order.count("waiting"):
        answer.headers["refresh"] = EVERY_SECONDS
    return answer


def _has_work(house: House, person: Person, user_id: str) -> bool:
    try:
        return leaving.leaver(house.engine, person, user_id).items > 0
    except NotVisible:
        return False


def _receivers(house: House, found: leaving.Leaver, said: Mapping[str, str]) -> dict[str, str]:
    receivers: dict[str, str] = {}
    for number, group in enumerate(found.groups):
        who = said.get(f"who.{number}", "").strip()
        if said.get(f"to_post.{number}") == "yes":
            receivers[group.key] = leaving.TO_POST
        elif who:
            people = people_typed(house, who, assessor_id=group.items[0]["assessor_id"])
            if len(people) != 1:
                raise Invalid(_("每一组只能交给一个人。"))
            receivers[group.key] = people[0].id
    return receivers


def _title(naming: Naming, row: Row) -> str:
    version = row["definition_version_id"]
    title = naming.title(version, year=row.get("year"), subject=row["subject_name"], matter=row["matter"])
    return f"{title} · {naming.step(version, row['element_id'])}"


def _page(
    request: Request,
    house: House,
    found: leaving.Leaver,
    said: Mapping[str, str],
    *,
    foreseen: list[leaving.Foreseen] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    choices = [
        Choice(group, number, said.get(f"who.{number}", ""), said.get(f"to_post.{number}") == "yes")
        for number, group in enumerate(found.groups)
    ]
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        titles = {item["id"]: _title(naming, item) for group in found.groups for item in group.items}
    return page(
        request,
        "office/leaver.html",
        status=refusal.status if refusal else 200,
        leaver=found,
        choices=choices,
        titles=titles,
        foreseen=foreseen,
        reason=said.get("reason", ""),
        end_rules=said.get("end_rules", "yes" if not said else "") == "yes",
        refusal=refusal.message if refusal else "",
        most=MOST_OPINION,
        at_once=leaving.AT_ONCE,
    )
