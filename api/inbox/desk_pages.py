"""What a task page does besides verbs: a phrase for the opinion, who comes next, the next task."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.inbox.beside_form import NEXT
from api.inbox.forms_of_tasks import read_sent
from api.naming import Naming
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Refusal
from engine.verbs.showing.route import Intended, routes
from engine.verbs.showing.view import view
from engine.verbs.visit import MOST_OPINION
from engine.work import inbox
from engine.work.phrases import MOST_LENGTH

router = APIRouter(prefix="/tasks", include_in_schema=False)


@router.post("/{item_id}/phrase")
def insert_phrase(
    item_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Put a phrase into the opinion where the browser does not: by way of the draft."""
    task = view(house.engine, person, item_id)
    opinion, phrase = (
        text_of(form, "opinion", longest=2 * MOST_OPINION),
        text_of(form, "phrase", longest=MOST_LENGTH),
    )
    sending_back = "where" in form
    kept = dict(task.draft.data) if task.draft else {}
    fields = kept if sending_back else dict(read_sent(house, person, task, form).data)
    words = f"{opinion}\n{phrase}" if opinion else phrase
    door.save_draft(house.engine, person, item_id, fields=fields, opinion=words)
    way = "return_to" if sending_back else ""
    return RedirectResponse(f"/tasks/{item_id}/{way}#opinion".replace("/#", "#"), status_code=303)


@router.post("/{item_id}/route")
def show_route(
    request: Request,
    item_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """谁接着办: who gets the task next and after that, by outcome, with the form as it stands.

    A part of the page for htmx; else a page of its own, and what was typed is kept in the draft.
    """
    task = view(house.engine, person, item_id)
    sent = read_sent(house, person, task, form)
    part = "hx-request" in request.headers
    if not part and task.may_act:
        opinion = text_of(form, "opinion", longest=2 * MOST_OPINION)
        door.save_draft(house.engine, person, item_id, fields=dict(sent.data), opinion=opinion)
    intended = Intended(dict(sent.data), sent.files, next_handlers_of(form))
    refusal = ""
    try:
        found = routes(house.engine, person, item_id, intended)
    except Refusal as refused:
        found, refusal = [], refused.message
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        item = task.item
        title = naming.title(
            item.definition_version_id, year=item.year, subject=item.subject_name, matter=item.matter
        )
    template = "task/route.html" if part else "task/route_page.html"
    return page(request, template, routes=found, item_id=item_id, title=title, refusal=refusal)


@router.get("/{item_id}/next")
def next_task(
    item_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The task after this one in 待办."""
    return _beside(house, person, item_id, step=1)


@router.get("/{item_id}/previous")
def previous_task(
    item_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The task before this one in 待办."""
    return _beside(house, person, item_id, step=-1)


def _beside(house: House, person: Person, item_id: str, *, step: int) -> Response:
    """The neighbour among the first of the list; from a task that is not there, the first of them."""
    with house.database.read() as connection:
        ids = [row.item_id for row in inbox.mine(connection, person, limit=200).items]
    if item_id not in ids:
        return RedirectResponse(f"/tasks/{ids[0]}" if ids else "/inbox", status_code=303)
    at = ids.index(item_id) + step
    return RedirectResponse(f"/tasks/{ids[at]}" if 0 <= at < len(ids) else "/inbox", status_code=303)


def next_handlers_of(form: FormData) -> Mapping[str, str]:
    """Whom the page's form chooses for later steps."""
    names = [name for name in form if name.startswith(NEXT)]
    return {name.removeprefix(NEXT): chosen for name in names if (chosen := text_of(form, name))}
