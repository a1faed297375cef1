"""通知: what a person should know, newest first."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.inbox.notice_lines import notice_line
from api.naming import Naming
from api.pages import page
from api.security.session import signed_in
from api.shell import home_of
from engine.people.persons import Person
from engine.runtime.notices import pulse
from engine.work.notices import mark_read, notices_of

router = APIRouter(prefix="/notifications", include_in_schema=False)


@router.get("")
def list_notices(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The newest notices."""
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        home = home_of(person)
        lines = [notice_line(row, naming, home=home) for row in notices_of(connection, person)]
    return page(request, "inbox/notices.html", lines=lines)


@router.post("/read")
def read_all(person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """Mark all of one's notices read."""
    read_by(house, person)
    return RedirectResponse("/notifications", status_code=303)


def read_by(house: House, person: Person) -> int:
    """Mark all of a person's notices read; how many there were. Other open pages hear of it."""
    with house.database.write() as connection:
        count = mark_read(connection, person, at=house.engine.clock.now())
        if count:
            posts = (f"{held.unit_id}#{held.post_key}" for held in person.memberships)
            pulse.beat(connection, [person.id, *posts])
    return count
