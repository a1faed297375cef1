"""The task page and what is posted from it. Every verb goes through engine.verbs.door, as REST calls do."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.closed_page import closed_page
from api.inbox.desk_pages import next_handlers_of
from api.inbox.drafting import SEEN, keep_own_draft, keep_refused, opinion_in
from api.inbox.forms_of_tasks import Sent, files_of_item, read_sent
from api.inbox.late import too_late
from api.inbox.sending_back import HERE, choice_of
from api.inbox.showing import show, show_return_page
from api.inbox.straight_back import CHECKED, sent_straight_back
from api.inbox.task_page import RETURN
from api.inbox.upon import note_first_look
from api.language import gettext as _
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Closed, Invalid, Refusal, Stale
from engine.verbs.showing.view import FINISHING, ItemView, view
from engine.verbs.visit import Request as VerbRequest

router = APIRouter(prefix="/tasks", include_in_schema=False)

_SIMPLE = ("claim", "unclaim", "urge")


@router.get("/{item_id}")
def show_task(
    request: Request,
    item_id: str,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """An open task with its form; a closed one read-only, with who did what."""
    try:
        task = view(house.engine, person, item_id)
    except Closed as closed:
        return closed_page(request, house, person, item_id, sentence=closed.message, done=said == "done")
    if not task.may_act:
        note_first_look(house, person, task.item.instance_id)
    told = {"draft": _("已暂存。"), "claim": _("已认领，由您办理。"), "unclaim": _("已退还给岗位。"),
            "done": _("意见已经记下；同意以后才算签署，任务仍在您名下。") if task.signing else "",
            "add_signer": _("已加签。"), "remove_signer": _("已减签。"),
            "ask": _("已委派，办好后回到您这里。"), "recall": _("已收回，由您办理。"),
            "add_before": _("已加签，他们签完回到您这里。"),
            "add_after": _("已加签，您办理以后轮到他们。"),
            "urge_leader": _("已催办，并报该单位主要负责人。"),
            "urge": _("已催办，对方会收到通知。")}.get(said, "")  # fmt: skip
    return show(request, house, person, task, said=told, checked=said == CHECKED)


@router.post("/{item_id}/draft")
def autosave(
    item_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Keep the form as it is; called by the page every few seconds of typing."""
    return JSONResponse({SEEN: keep_own_draft(house, person, view(house.engine, person, item_id), form)})


@router.post("/{item_id}/save_draft")
def save(
    request: Request,
    item_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """暂存, pressed by the person."""
    return _leave(request, house, person, item_id, form=form, to=f"/tasks/{item_id}?said=draft")


@router.post("/{item_id}/sending-back")
def before_sending_back(
    request: Request,
    item_id: str,
    outcome: str = "",
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """On the way to the page that asks for the reason: nothing typed is lost."""
    way = f"?outcome={quote(outcome)}" if outcome else ""
    return _leave(request, house, person, item_id, form=form, to=f"/tasks/{item_id}/return_to{way}")


def _leave(
    request: Request, house: House, person: Person, item_id: str, *, form: FormData, to: str
) -> Response:
    """Keep the draft and go on, unless the task is closed or another tab has kept something else."""
    try:
        task = view(house.engine, person, item_id)
        keep_own_draft(house, person, task, form)
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    except Stale as refused:
        sent = read_sent(house, person, task, form)
        return show(request, house, person, task, sent=sent, opinion=opinion_in(form), refused=refused)
    return RedirectResponse(to, status_code=303)


@router.get("/{item_id}/return_to")
def show_return(
    request: Request,
    item_id: str,
    outcome: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """退回: to which step, why, and how it comes back. A page, so that it works on a phone."""
    task = view(house.engine, person, item_id)
    opinion = task.draft.opinion if task.draft else ""
    return show_return_page(request, house, person, task, opinion=opinion, outcome=outcome)


@router.post("/{item_id}/return_to")
def send_back(
    request: Request,
    item_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """退回 to a step done before, or by the outcome that the diagram drew for it."""
    try:
        task = view(house.engine, person, item_id)
        if task.standstill:
            raise Closed(task.standstill)
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    opinion = opinion_in(form)
    verb, outcome, target = choice_of(task, text_of(form, "where"))
    kept = _kept(house, person, task)
    asked = VerbRequest(
        version=number_of(form, "version"),
        outcome=outcome,
        opinion=opinion,
        target=target,
        straight_back=text_of(form, "straight_back") == "yes",
        fields=kept.data if verb != "return_to" else {},
        files=kept.files,
        signature=text_of(form, "signature") if verb != "return_to" else "",
    )
    try:
        door.act(house.engine, person, item_id, verb, asked)
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    except (Invalid, Stale) as refused:
        if any(error.field not in HERE for error in getattr(refused, "errors", ())):
            return show(request, house, person, task, sent=kept, opinion=opinion, refused=refused)
        only = outcome if outcome != RETURN else ""
        return show_return_page(
            request, house, person, task,
            opinion=opinion, outcome=only, refused=refused, signature=text_of(form, "signature"),
        )  # fmt: skip
    return RedirectResponse(f"/tasks/{item_id}?said=done", status_code=303)


@router.post("/{item_id}/{verb}")
def act(
    request: Request,
    item_id: str,
    verb: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Every other verb. Wrong input comes back with everything kept."""
    if verb not in (*_SIMPLE, *FINISHING):
        raise Trouble(404, "not_found")
    version = number_of(form, "version")
    if verb in _SIMPLE:
        return _simply(request, house, person, item_id, verb, form)
    try:
        task = view(house.engine, person, item_id)
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    return _finish(request, house, person, task, verb=verb, version=version, form=form)


def _finish(
    request: Request,
    house: House,
    person: Person,
    task: ItemView,
    *,
    verb: str,
    version: int,
    form: FormData,
) -> Response:
    """办理 or 代录 with what the form holds; shown again when one of its own buttons was pressed."""
    item_id = task.item.id
    sent = read_sent(house, person, task, form)
    if sent.edit:
        return show(request, house, person, task, sent=sent, opinion=opinion_in(form))
    if sent.errors:
        invalid = Invalid(_("附件没有全部收下，请看下面的说明。"), errors=sent.errors)
        return show(request, house, person, task, sent=sent, opinion=opinion_in(form), refused=invalid)
    asked = VerbRequest(
        version=version,
        outcome=text_of(form, "outcome"),
        opinion=opinion_in(form),
        fields=sent.data,
        files=sent.files,
        signature=text_of(form, "signature"),
        next_handlers=next_handlers_of(form),
    )
    beside = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    try:
        done = door.act(house.engine, person, item_id, verb, asked)
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    except (Invalid, Stale) as refused:
        if isinstance(refused, Invalid):
            keep_refused(house, person, task, form, sent)
            task = view(house.engine, person, item_id)
        return show(
            request, house, person, task, sent=sent, opinion=opinion_in(form), refused=refused, beside=beside
        )
    if again := sent_straight_back(task, done):
        return RedirectResponse(f"/tasks/{again}?said={CHECKED}", status_code=303)
    return RedirectResponse(f"/tasks/{item_id}?said=done", status_code=303)


def _simply(
    request: Request, house: House, person: Person, item_id: str, verb: str, form: FormData
) -> Response:
    try:
        door.act(house.engine, person, item_id, verb, VerbRequest(version=number_of(form, "version")))
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    except Refusal as refused:
        if refused.status == 404:
            raise
        task = view(house.engine, person, item_id)
        return show(request, house, person, task, refused=refused)
    if verb == "unclaim":
        return RedirectResponse("/inbox?tab=claimable&said=unclaim", status_code=303)
    return RedirectResponse(f"/tasks/{item_id}?said={verb}", status_code=303)


def _kept(house: House, person: Person, task: ItemView) -> Sent:
    """What was saved on the way to this page."""
    with house.database.read() as connection:
        files = files_of_item(connection, person, task.item.id)
    return Sent(dict(task.draft.data) if task.draft else {}, files=files)
