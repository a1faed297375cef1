"""转办, 委派, 加签, 减签, 收回 …: to whom and why, what it leads to, and only then it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.closed_page import closed_page
from api.inbox.late import too_late
from api.inbox.people_typed import people_typed
from api.inbox.signing import SignerShown, signing_shown
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.effects import Effect
from engine.verbs.others.receiving import ASSESSOR, PROPERTY, UNIT, bound_of
from engine.verbs.refusals import Closed, Invalid, NotAllowed, Refusal, Stale
from engine.verbs.showing.view import ItemView, view
from engine.verbs.visit import MOST_OPINION
from engine.verbs.visit import Request as VerbRequest
from engine.work.bindings import FieldError

router = APIRouter(prefix="/tasks", include_in_schema=False)
VERBS = (
    "hand_over", "ask", "add_signer", "add_before", "add_after", "remove_signer", "recall", "urge_leader"
)  # fmt: skip
"""The verbs among people that have a page of their own, in the order in which 更多 lists them."""
TO_NOBODY = ("recall", "urge_leader")
"""Those that need nobody named: what they lead to is shown at once."""


@dataclass(frozen=True)
class Deed:
    """One of them as its page tells it: whom it asks for, by name or among `choices`, and what it means."""

    key: str
    name: str
    meaning: str
    who: str
    hint: str
    choices: Sequence[SignerShown] = ()


@dataclass(frozen=True)
class Typed:
    """What the page's form says: to whom by name, or which signer, and why."""

    who: str = ""
    target: str = ""
    reason: str = ""


NOTHING = Typed()


@router.get("/{item_id}/verbs")
def show_verbs(
    request: Request, item_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """更多: what else may be done with this task, each in a sentence."""
    try:
        task = view(house.engine, person, item_id)
    except Closed as closed:
        return closed_page(request, house, person, item_id, sentence=closed.message, done=False)
    deeds = [deed_of(verb) for verb in VERBS if verb in task.verbs]
    return page(request, "task/more.html", title=_title(house, task), item_id=item_id, deeds=deeds)


@router.get("/{item_id}/verbs/{verb}")
def show_verb(
    request: Request,
    item_id: str,
    verb: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """To whom, and why; 收回 shows at once what it leads to."""
    _known(verb)
    try:
        task = view(house.engine, person, item_id)
        if verb not in task.verbs:
            raise Trouble(403, "not_allowed", _("这一项现在不能“{verb}”。").format(verb=deed_of(verb).name))
        if verb not in TO_NOBODY:
            return _page(request, house, task, verb)
        asked = VerbRequest(version=task.item.lock_version)
        return _page(
            request, house, task, verb, effect=door.preview(house.engine, person, item_id, verb, asked)
        )
    except Closed as closed:
        return closed_page(request, house, person, item_id, sentence=closed.message, done=False)


@router.post("/{item_id}/verbs/{verb}")
def do_verb(
    request: Request,
    item_id: str,
    verb: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Look at what it leads to, or, where that has been seen (`sure`), do it. What was typed is kept."""
    _known(verb)
    typed = Typed(
        who=text_of(form, "who", longest=1000),
        target=text_of(form, "target"),
        reason=text_of(form, "reason", longest=2 * MOST_OPINION),
    )
    try:
        task = view(house.engine, person, item_id)
        asked = replace(_asked(house, task, verb, typed), version=number_of(form, "version"))
        if text_of(form, "sure") == "yes" and typed.reason.strip():
            door.act(house.engine, person, item_id, verb, asked)
            return RedirectResponse(_after(verb, item_id), status_code=303)
        effect = door.preview(house.engine, person, item_id, verb, asked)
        return _page(request, house, task, verb, typed=typed, effect=effect)
    except (Closed, Invalid, NotAllowed, Stale) as refusal:
        return _refused(request, house, person, item_id, verb, typed=typed, refusal=refusal)


def _asked(house: House, task: ItemView, verb: str, typed: Typed) -> VerbRequest:
    """What was typed, for the door. Raises `Invalid`."""
    if verb in TO_NOBODY or verb == "remove_signer":
        return VerbRequest(opinion=typed.reason, target=typed.target)
    found = people_typed(house, typed.who, assessor_id=task.item.assessor_id)
    people = tuple(one.id for one in found)
    if verb != "add_signer":
        return VerbRequest(opinion=typed.reason, people=people)
    if len(people) > 1:
        message = _("加签一次加一人；要加几人，请一个一个加。")
        raise Invalid(message, errors=(FieldError("who", "only_one", message),))
    return VerbRequest(opinion=typed.reason, target=people[0])


def _refused(
    request: Request,
    house: House,
    person: Person,
    item_id: str,
    verb: str,
    *,
    typed: Typed,
    refusal: Refusal,
) -> Response:
    """The same page with why not, or, where the task is closed by now, what became of it."""
    try:
        task = view(house.engine, person, item_id)
    except Closed as closed:
        return too_late(request, house, person, item_id, closed)
    return _page(request, house, task, verb, typed=typed, refusal=refusal)


def deed_of(verb: str) -> Deed:
    """The words of one verb's page."""
    whom = _("写姓名或登录名")
    several = _("写姓名或登录名，多人用顿号隔开")
    told = {
        "hand_over": (_("这项任务以后由他负责；草稿一并交去，您仍然可以查看。"), _("转办给谁"), whom),
        "ask": (_("请别人先办，办好回到您这里，由您办结；没有办好以前可以收回。"), _("委派给谁"), several),
        "add_signer": (_("再请一人和其他签署人一起签，按加签以后的人重新判断。"), _("加谁"), whom),
        "remove_signer": (_("减去的人不再签署；按剩下的人重新判断，可能就此作出决定。"), _("减去谁"), ""),
        "add_before": (_("请别人先签，签完回到您这里，再由您签。"), _("先请谁签"), several),
        "add_after": (_("您签了以后再请别人签；他们都签完，您这一份才算数。"), _("再请谁签"), several),
        "urge_leader": (_("办理人和该单位主要负责人都收到通知，记入办理过程；一人一天只催一次。"), "", ""),
        "recall": (_("收回请别人办而还没有办的，任务马上回到您手里。"), "", ""),
    }
    meaning, who, hint = told[verb]
    return Deed(verb, door.VERBS[verb].name, meaning, who, hint)


def _receivers(task: ItemView) -> str:
    """To whom the step's task may be handed over."""
    bound = bound_of(task.element)
    if bound == UNIT:
        said = _("此环节只能转办给本单位和所属处室的人。")
        return said if PROPERTY in task.element.properties else said + _("（演示假设）")
    if bound == ASSESSOR:
        return _("可以转办给同一考评主体的任何人。")
    return _("流程图规定了此环节可以转办给谁，不在其中的，会说明可以转办给谁。")


def _known(verb: str) -> None:
    if verb not in VERBS:
        raise Trouble(404, "not_found")


def _after(verb: str, item_id: str) -> str:
    return "/inbox?said=hand_over" if verb == "hand_over" else f"/tasks/{item_id}?said={verb}"


def _title(house: House, task: ItemView) -> str:
    item = task.item
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        version = item.definition_version_id
        title = naming.title(version, year=item.year, subject=item.subject_name, matter=item.matter)
        return f"{title} · {naming.step(version, item.element_id)}"


def _page(
    request: Request,
    house: House,
    task: ItemView,
    verb: str,
    *,
    typed: Typed = NOTHING,
    effect: Effect | None = None,
    refusal: Refusal | None = None,
) -> Response:
    deed, signing = deed_of(verb), signing_shown(task.signing, task.verbs)
    if verb == "hand_over":
        deed = replace(deed, hint=f"{deed.hint}；{_receivers(task)}")
    if verb == "add_signer" and signing is not None:
        deed = replace(deed, meaning=signing.adding)
    if verb == "remove_signer" and signing is not None:
        deed = replace(deed, choices=signing.removable)
    return page(
        request,
        "task/handing.html",
        status=refusal.status if refusal else 200,
        title=_title(house, task),
        item_id=task.item.id,
        version=task.item.lock_version,
        deed=deed,
        typed=typed,
        effect=effect,
        refusal=refusal.message if refusal else "",
        advice=refusal.hint if refusal else "",
        most=MOST_OPINION,
    )
