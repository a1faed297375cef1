"""Who comes too late: the task is done, or stands still. Who did what is said, and no word is lost."""

from fastapi import Request
from starlette.responses import Response

from api.house import House
from api.inbox.closed_page import closed_page
from api.inbox.showing import show
from api.language import gettext as _
from api.typed import typed_in
from engine.people.persons import Person
from engine.verbs.refusals import Closed
from engine.verbs.showing.view import view


def too_late(request: Request, house: House, person: Person, item_id: str, closed: Closed) -> Response:
    """409 with the record of what was done, or with the task as it stands; what was typed is shown again.

    Raises Trouble(404) for who may not see what became of it.
    """
    try:
        task = view(house.engine, person, item_id)
    except Closed as done:
        return closed_page(request, house, person, item_id, sentence=done.message, done=False, status=409)
    if typed_in(request):
        closed.hint = _("您填写的内容没有提交，还在下面。")
    return show(request, house, person, task, refused=closed)
