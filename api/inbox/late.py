"""Who comes too late: the task is done, or stands still. Who did what is said, and no word is lost."""

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api.house import House
from api.inbox.closed_page import closed_page
from api.inbox.drafting import keep_draft
from api.inbox.showing import show
from api.language import gettext as _
from engine.people.persons import Person
from engine.verbs.refusals import Closed
from engine.verbs.showing.view import view


def too_late(
    request: Request, house: House, person: Person, item_id: str, closed: Closed, form: FormData | None = None
) -> Response:
    """409 with the record of what was done, or with the task as it stands and `form` kept as a draft.

    Raises Trouble(404) for who may not see what became of it.
    """
    try:
        task = view(house.engine, person, item_id)
    except Closed as done:
        return closed_page(request, house, person, item_id, sentence=done.message, done=False, status=409)
    if form is not None:
        keep_draft(house, person, task, form)
        closed.hint = _("您填写的内容已存为草稿，恢复办理以后接着办。")
    return show(request, house, person, task, refused=closed)
