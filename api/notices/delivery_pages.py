"""投递记录: what was told to whom by which channel, when, how often tried. Never what it says."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.notices.words import how_names, kind_names, state_names
from api.pages import page
from api.people.allowed import LOOK, require
from api.security.session import signed_in
from engine.ids import is_id
from engine.people.persons import Person
from engine.runtime.notices.deliveries import Delivery, Wanted, deliveries

router = APIRouter(prefix="/people", include_in_schema=False)
PAGE = 50


def seen_deliveries(
    house: House, person: Person, wanted: Wanted, *, after: str = "", limit: int = PAGE
) -> tuple[list[Delivery], str]:
    """One page of deliveries to the people in sight, and the next one's cursor or ''. Raises Trouble(403)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        found = deliveries(connection, person, wanted, before=after, limit=limit + 1)
    return found[:limit], found[limit - 1].id if len(found) > limit else ""


@router.get("/notices")
def show_deliveries(
    request: Request,
    channel: str = "",
    login: str = "",
    open: str = "",
    after: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The newest deliveries, of one channel or person, or only those that have not arrived."""
    wanted = Wanted(channel[:80], login.strip()[:60], bool(open))
    found, following = seen_deliveries(house, person, wanted, after=after if is_id(after) else "")
    channels = house.engine.setup.notices.channels
    return page(
        request,
        "notices/deliveries.html",
        deliveries=found,
        after=following,
        wanted=wanted,
        channels={key: one.name for key, one in channels.items()},
        kinds=kind_names(),
        hows=how_names(),
        states=state_names(),
    )
